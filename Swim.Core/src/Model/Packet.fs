namespace Swim

open System
open System.Collections.Generic
open System.Runtime.CompilerServices

/// What a packet is for (R8.5).
type MessageKind =
    /// Asks whether the receiver is alive.
    | Ping = 0uy
    /// The answer to a `Ping`.
    | Ack = 1uy
    /// Asks a helper to ping the named member.
    | PingReq = 2uy
    /// A helper's ping on behalf of the named member.
    | IndirectPing = 3uy
    /// The answer to an `IndirectPing`, for the helper to forward to the named member.
    | IndirectAck = 4uy
    /// The answer of the named member, forwarded by a helper.
    | ForwardedAck = 5uy
    /// Asks to be let in, and for a `Feed`.
    | Announce = 6uy
    /// The answer to an `Announce`: some active members.
    | Feed = 7uy
    /// Updates and custom broadcasts, without a question.
    | Gossip = 8uy
    /// Custom broadcasts only.
    | Broadcast = 9uy
    /// Tells a member that it is Down in the sender's table, or that another identity holds its address there; with
    /// the record that says so (R13.4).
    | TurnUndead = 10uy
    /// A helper's word that the member that it was asked to ping did not answer in time (R14.1).
    | Nack = 11uy

/// The header of a packet. foca's `Header`.
[<Struct; IsReadOnly; NoComparison>]
type PacketHeader<'TIdentity> =
    {
        /// The sender.
        Source: 'TIdentity
        /// The sender's incarnation, which refutes any suspicion of a lower one (R5.2).
        SourceIncarnation: uint16
        /// The receiver.
        Destination: 'TIdentity
        /// What the packet is for.
        Kind: MessageKind
        /// The third member that the kinds from `PingReq` to `ForwardedAck` name; the default for all others.
        Named: 'TIdentity
        /// The number that ties answers to pings (R12.10); 0 for the kinds from `Announce` to `TurnUndead`.
        ProbeNumber: uint32
        /// The local health of the sender of an `Ack` or `Nack`, from 0, which is good, to 7 (R14.3); 0 for all
        /// other kinds.
        Health: byte
    }

    /// Whether this kind names a third member.
    member header.NamesMember =
        header.Kind >= MessageKind.PingReq && header.Kind <= MessageKind.ForwardedAck

    /// Whether this kind has a probe number.
    member header.HasProbeNumber =
        header.Kind <= MessageKind.ForwardedAck || header.Kind = MessageKind.Nack

    /// Whether this kind tells the local health of its sender (R14.3).
    member header.HasHealth = header.Kind = MessageKind.Ack || header.Kind = MessageKind.Nack

    /// The kind, the sender, the receiver, and what else this kind has, for logs.
    override header.ToString() =
        let route =
            String.Concat(header.Kind, " from ", String.Concat(header.Source, " to ", header.Destination))

        let named = if header.NamesMember then String.Concat(" about ", header.Named) else ""
        let number = if header.HasProbeNumber then " number " + header.ProbeNumber.ToString() else ""
        route + named + number

    /// Whether the two headers are equal in every field.
    static member op_Equality(left: PacketHeader<'TIdentity>, right: PacketHeader<'TIdentity>) : bool =
        EqualityComparer<PacketHeader<'TIdentity>>.Default.Equals(left, right)

    /// Whether the two headers differ in a field.
    static member op_Inequality(left: PacketHeader<'TIdentity>, right: PacketHeader<'TIdentity>) : bool =
        not (EqualityComparer<PacketHeader<'TIdentity>>.Default.Equals(left, right))

namespace Swim.Core

open System
open Swim

/// A message, without sender and receiver (R8.5).
[<Struct; NoComparison>]
type Message<'Id> = { Kind: MessageKind; Named: 'Id; ProbeNumber: uint32 }

/// The messages, and what they carry (the table of R8.5).
[<RequireQualifiedAccess>]
module Message =

    let private plain kind : Message<'Id> =
        { Kind = kind; Named = Unchecked.defaultof<'Id>; ProbeNumber = 0u }

    /// Asks whether the receiver is alive.
    let ping (probeNumber: uint32) : Message<'Id> = { plain MessageKind.Ping with ProbeNumber = probeNumber }

    /// The answer to a Ping.
    let ack (probeNumber: uint32) : Message<'Id> = { plain MessageKind.Ack with ProbeNumber = probeNumber }

    /// Asks a helper to ping `target`.
    let pingReq (target: 'Id) (probeNumber: uint32) : Message<'Id> =
        { Kind = MessageKind.PingReq; Named = target; ProbeNumber = probeNumber }

    /// A helper's ping on behalf of `origin`.
    let indirectPing (origin: 'Id) (probeNumber: uint32) : Message<'Id> =
        { Kind = MessageKind.IndirectPing; Named = origin; ProbeNumber = probeNumber }

    /// The answer to an IndirectPing, for the helper to forward to `target`.
    let indirectAck (target: 'Id) (probeNumber: uint32) : Message<'Id> =
        { Kind = MessageKind.IndirectAck; Named = target; ProbeNumber = probeNumber }

    /// The answer of `origin`, forwarded by a helper.
    let forwardedAck (origin: 'Id) (probeNumber: uint32) : Message<'Id> =
        { Kind = MessageKind.ForwardedAck; Named = origin; ProbeNumber = probeNumber }

    /// Asks to be let in, and for a Feed.
    let announce<'Id> : Message<'Id> = plain MessageKind.Announce

    /// The answer to an Announce.
    let feed<'Id> : Message<'Id> = plain MessageKind.Feed

    /// Updates and custom broadcasts, without a question.
    let gossip<'Id> : Message<'Id> = plain MessageKind.Gossip

    /// Custom broadcasts only.
    let broadcast<'Id> : Message<'Id> = plain MessageKind.Broadcast

    /// Tells a member that it is Down in the sender's table, or that another identity holds its address there.
    let turnUndead<'Id> : Message<'Id> = plain MessageKind.TurnUndead

    /// A helper's word that the probed member did not answer it.
    let nack (probeNumber: uint32) : Message<'Id> = { plain MessageKind.Nack with ProbeNumber = probeNumber }

    /// The message of the packet with this header.
    let ofHeader (header: PacketHeader<'Id>) : Message<'Id> =
        { Kind = header.Kind; Named = header.Named; ProbeNumber = header.ProbeNumber }

    /// Whether a message of this kind carries updates from the backlog (R8.5).
    let carriesUpdates (kind: MessageKind) : bool =
        kind < MessageKind.Announce || kind = MessageKind.Gossip || kind = MessageKind.Nack

    /// Whether a message of this kind may carry custom broadcasts (R8.5).
    let carriesBroadcasts (kind: MessageKind) : bool =
        kind <> MessageKind.Announce && kind <> MessageKind.TurnUndead

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

/// A packet as a value. The core never sees bytes; a codec outside it encodes and decodes. The lists of a packet
/// that arrives are read only while the step runs.
[<Struct; NoComparison; CustomEquality>]
type Packet<'Id when 'Id: equality> =
    {
        /// Sender, receiver, and what the packet is for.
        Header: PacketHeader<'Id>
        /// Cluster updates.
        Updates: ArraySegment<MemberRecord<'Id>>
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
