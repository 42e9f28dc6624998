namespace Swim.Host;

/// <summary>The packets of one kind that a member sent and received.</summary>
/// <param name="Kind">The kind of the packets.</param>
/// <param name="PacketsSent">The packets that the protocol asked to send.</param>
/// <param name="BytesSent">The bytes of those packets.</param>
/// <param name="PacketsReceived">The packets that arrived and could be decoded.</param>
/// <param name="BytesReceived">The bytes of those packets.</param>
public readonly record struct SwimMessageCount(
    MessageKind Kind,
    long PacketsSent,
    long BytesSent,
    long PacketsReceived,
    long BytesReceived
);
