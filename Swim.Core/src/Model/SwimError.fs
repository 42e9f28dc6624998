namespace Swim

/// Why a packet, a timer or a request was refused (R11). foca's `Error`.
type SwimError =
    /// Nothing was refused.
    | None = 0
    /// A packet is longer than `MaxPacketSize`, or a custom broadcast fits in no packet.
    | DataTooBig = 1
    /// `ReuseDownIdentity` while not Defunct.
    | NotUndead = 2
    /// `ChangeIdentity` to the current identity.
    | SameIdentity = 3
    /// A probe period while not Active (R7.7), or an announce, gossip or broadcast after leaving (R12.6).
    | NotConnected = 4
    /// The previous probe never reached its indirect stage: the host lost or delayed a timer.
    | IncompleteProbeCycle = 5
    /// The sender of a packet has our own address.
    | DataFromOurselves = 6
    /// An indirect message names an identity at our address as target or origin.
    | IndirectForOurselves = 7
    /// A packet has a good header and a malformed rest, or a custom broadcast is empty.
    | MalformedPacket = 8
    /// The codec could not write a packet, or a header alone is larger than `MaxPacketSize`.
    | Encode = 9
    /// The codec could not read a packet: it is corrupt, cut off, or of another protocol.
    | Decode = 10
    /// The broadcast handler rejected an item or threw, or there is no handler.
    | CustomBroadcast = 11
    /// A running member may not change to this configuration (R10.2).
    | InvalidConfig = 12
