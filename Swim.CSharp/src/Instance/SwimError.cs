namespace Swim;

/// <summary>Why something was refused (R11). The seed's <c>Error</c>.</summary>
public enum SwimError
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>A packet exceeds <see cref="SwimConfig.MaxPacketSize"/>, or a broadcast cannot fit in one.</summary>
    DataTooBig = 1,

    /// <summary><c>ReuseDownIdentity</c> while not defunct.</summary>
    NotUndead = 2,

    /// <summary><c>ChangeIdentity</c> to the identity that is in use.</summary>
    SameIdentity = 3,

    /// <summary>An operation or timer that needs a part in the cluster, which this member has not.</summary>
    NotConnected = 4,

    /// <summary>The previous probe never reached its indirect stage: a timer was lost or came too late.</summary>
    IncompleteProbeCycle = 5,

    /// <summary>A packet whose sender has our own identity or address.</summary>
    DataFromOurselves = 6,

    /// <summary>An indirect message that names ourselves as target or origin.</summary>
    IndirectForOurselves = 7,

    /// <summary>A packet with a good header but a broken rest, or an empty broadcast.</summary>
    MalformedPacket = 8,

    /// <summary>The codec could not write a packet, or a header alone exceeds the packet size.</summary>
    Encode = 9,

    /// <summary>The codec could not read a packet: not one of ours, corrupt, or cut off.</summary>
    Decode = 10,

    /// <summary>The broadcast handler failed or rejected an item.</summary>
    CustomBroadcast = 11,

    /// <summary>A configuration that may not be changed to while running.</summary>
    InvalidConfig = 12,
}

/// <summary>A caller asked for something that cannot be done now. Data from the network never throws.</summary>
public sealed class SwimException : InvalidOperationException
{
    /// <summary>Makes the exception for an error code, with what was wrong and what would be right.</summary>
    public SwimException(SwimError error, string message)
        : base(message) => Error = error;

    /// <summary>The error code (R11).</summary>
    public SwimError Error { get; }
}
