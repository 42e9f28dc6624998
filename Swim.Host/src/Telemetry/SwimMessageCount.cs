namespace Swim.Host;

/// <summary>How many packets of one kind a member sent and took in.</summary>
/// <param name="Kind">What they are for.</param>
/// <param name="PacketsSent">Packets that the protocol asked to send.</param>
/// <param name="BytesSent">Their bytes.</param>
/// <param name="PacketsReceived">Packets that could be decoded.</param>
/// <param name="BytesReceived">Their bytes.</param>
public readonly record struct SwimMessageCount(
    MessageKind Kind,
    long PacketsSent,
    long BytesSent,
    long PacketsReceived,
    long BytesReceived
);
