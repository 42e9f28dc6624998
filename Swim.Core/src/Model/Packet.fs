namespace Swim.Core

open System

/// What a packet is for (R8.5). Probe numbers are 32 bits (R12.10).
type Message<'Id> =
    /// Are you there?
    | Ping of probeNumber: uint32
    /// The answer to a `Ping`.
    | Ack of probeNumber: uint32
    /// Asks a helper to ping `target`.
    | PingReq of target: 'Id * probeNumber: uint32
    /// A helper's ping on behalf of `origin`.
    | IndirectPing of origin: 'Id * probeNumber: uint32
    /// The answer to an `IndirectPing`, for the helper to pass on to `target`.
    | IndirectAck of target: 'Id * probeNumber: uint32
    /// A helper passes on the answer of `origin`.
    | ForwardedAck of origin: 'Id * probeNumber: uint32
    /// Asks to be let in and for a `Feed`.
    | Announce
    /// The answer to an `Announce`: some active members.
    | Feed
    /// Updates and custom broadcasts, without a question.
    | Gossip
    /// Custom broadcasts only.
    | Broadcast
    /// Tells a member that it is Down in the eyes of the sender.
    | TurnUndead

/// What every packet begins with.
[<Struct>]
type Header<'Id> =
    {
        /// Who sends.
        Source: 'Id
        /// The sender's incarnation: the refutation of any older suspicion.
        SourceIncarnation: uint16
        /// Who it is meant for.
        Destination: 'Id
        /// What it is for.
        Message: Message<'Id>
    }

/// Opaque user data that is disseminated beside the updates.
type Payload = ReadOnlyMemory<byte>

[<RequireQualifiedAccess>]
module internal Payloads =

    /// Whether two lists hold the same bytes.
    let same (left: ArraySegment<Payload>) (right: ArraySegment<Payload>) : bool =
        let mutable index = 0

        if left.Count = right.Count then
            while index < left.Count && left[index].Span.SequenceEqual right[index].Span do
                index <- index + 1

        left.Count = right.Count && index = left.Count

/// A packet as a value. The core never sees bytes; a codec beside it translates. An incoming
/// packet's lists are only read while the step runs.
[<Struct; NoComparison; CustomEquality>]
type Packet<'Id when 'Id: equality> =
    {
        /// Who, to whom, what for.
        Header: Header<'Id>
        /// Cluster updates.
        Updates: ArraySegment<Member<'Id>>
        /// Custom broadcasts.
        Broadcasts: ArraySegment<Payload>
    }

    member private packet.EqualTo(other: Packet<'Id>) =
        packet.Header = other.Header
        && packet.Updates.AsSpan().SequenceEqual(other.Updates.AsSpan())
        && Payloads.same packet.Broadcasts other.Broadcasts

    override packet.Equals(other: obj) =
        match other with
        | :? (Packet<'Id>) as other -> packet.EqualTo other
        | _ -> false

    override packet.GetHashCode() = hash packet.Header

    interface IEquatable<Packet<'Id>> with
        member packet.Equals(other) = packet.EqualTo other

/// What a message carries (the table of R8.5).
[<RequireQualifiedAccess>]
module Message =

    /// Whether updates from the backlog ride along.
    let carriesBacklog (message: Message<'Id>) : bool =
        match message with
        | Announce
        | Feed
        | Broadcast
        | TurnUndead -> false
        | _ -> true

    /// Whether custom broadcasts ride along.
    let carriesBroadcasts (message: Message<'Id>) : bool =
        match message with
        | Announce
        | TurnUndead -> false
        | _ -> true

    /// The member that an indirect message names beside its sender and its receiver.
    let named (message: Message<'Id>) : 'Id voption =
        match message with
        | PingReq(named, _)
        | IndirectPing(named, _)
        | IndirectAck(named, _)
        | ForwardedAck(named, _) -> ValueSome named
        | _ -> ValueNone
