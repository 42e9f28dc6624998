namespace Swim

/// Why something was refused (R11). foca's `Error`.
type SwimError =
    /// Nothing was refused.
    | None = 0
    /// A packet exceeds `MaxPacketSize`, or a custom broadcast fits in no packet.
    | DataTooBig = 1
    /// `ReuseDownIdentity` while not Defunct.
    | NotUndead = 2
    /// `ChangeIdentity` to the current identity.
    | SameIdentity = 3
    /// An operation or timer that needs a member that takes part in the cluster.
    | NotConnected = 4
    /// The previous probe never reached its indirect stage: the host lost or delayed a timer.
    | IncompleteProbeCycle = 5
    /// A packet with our own identity or address as its sender.
    | DataFromOurselves = 6
    /// An indirect message that names this member as target or origin.
    | IndirectForOurselves = 7
    /// A packet with a well-formed header but a broken rest, or an empty custom broadcast.
    | MalformedPacket = 8
    /// The codec could not write a packet, or a header alone exceeds `MaxPacketSize`.
    | Encode = 9
    /// The codec could not read a packet: not one of ours, corrupt, or cut off.
    | Decode = 10
    /// The broadcast handler failed, or rejected an item.
    | CustomBroadcast = 11
    /// A configuration that is out of bounds, or that may not be changed to while running.
    | InvalidConfig = 12
