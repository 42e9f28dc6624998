namespace Swim.Host;

/// <summary>What a packet is for (R8.5).</summary>
public enum SwimMessageKind
{
    /// <summary>Are you there?</summary>
    Ping = 0,

    /// <summary>The answer to a Ping.</summary>
    Ack = 1,

    /// <summary>Asks a helper to ping another member.</summary>
    PingReq = 2,

    /// <summary>A helper's ping.</summary>
    IndirectPing = 3,

    /// <summary>The answer to an IndirectPing.</summary>
    IndirectAck = 4,

    /// <summary>A helper passes an answer on.</summary>
    ForwardedAck = 5,

    /// <summary>Asks to be let in.</summary>
    Announce = 6,

    /// <summary>The answer to an Announce: some active members.</summary>
    Feed = 7,

    /// <summary>Updates and custom broadcasts, without a question.</summary>
    Gossip = 8,

    /// <summary>Custom broadcasts only.</summary>
    Broadcast = 9,

    /// <summary>Tells a member that it is down in the eyes of the sender.</summary>
    TurnUndead = 10,
}

/// <summary>How many packets of one kind a member sent and took in.</summary>
/// <param name="Kind">What they are for.</param>
/// <param name="PacketsSent">Packets that the protocol asked to send.</param>
/// <param name="BytesSent">Their bytes.</param>
/// <param name="PacketsReceived">Packets that were understood.</param>
/// <param name="BytesReceived">Their bytes.</param>
public readonly record struct SwimMessageCount(
    SwimMessageKind Kind,
    long PacketsSent,
    long BytesSent,
    long PacketsReceived,
    long BytesReceived
);
