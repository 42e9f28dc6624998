namespace Swim.Core

/// Why something was refused (R11).
type SwimError =
    /// A packet or broadcast is larger than `MaxPacketSize` allows.
    | DataTooBig = 1
    /// `ReuseDownIdentity` while not Defunct.
    | NotUndead = 2
    /// `ChangeIdentity` to the current identity.
    | SameIdentity = 3
    /// An operation or timer that needs a part in the cluster.
    | NotConnected = 4
    /// The previous probe never reached its indirect stage: the host lost or delayed a timer.
    | IncompleteProbeCycle = 5
    /// A packet with our own identity or address as its sender.
    | DataFromOurselves = 6
    /// An indirect message that names ourselves.
    | IndirectForOurselves = 7
    /// A packet with a well-formed header but a broken rest.
    | MalformedPacket = 8
    /// The codec could not write a packet, or its header alone exceeds `MaxPacketSize`.
    | Encode = 9
    /// The codec could not read a packet.
    | Decode = 10
    /// The broadcast handler failed.
    | CustomBroadcast = 11
    /// A configuration that is out of bounds or may not be changed to while running.
    | InvalidConfig = 12
