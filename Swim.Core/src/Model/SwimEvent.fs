namespace Swim

open System
open System.Collections.Generic
open System.Runtime.CompilerServices

/// Why a record, or this member itself, changed.
type ChangeCause =
    /// A probe of the member failed (R7.2).
    | Probe = 0uy
    /// A packet of another member, or records that the caller applied, said so (R3.4, R9.4).
    | Gossip = 1uy
    /// The member that was suspected or declared Down refuted with a higher incarnation (R2.2, R5.2, R13.3).
    | Refutation = 2uy
    /// A timer: a suspicion expired (R7.5), or a Down member was forgotten (R7.6).
    | Timer = 3uy
    /// A member left: this one, as its caller asked (R6.1), or another, as it says itself (R13.2).
    | Leave = 4uy
    /// Another identity at the address of a record (R2.3, R3.4), or at our own (R5.3, R6.2, R6.3).
    | IdentityChange = 5uy

/// The kind of an event. The kinds up to `MemberForgotten` are about the record of another member; the kinds from
/// `Active` to `AddressConflict` are about this member itself, and the last two about its link to another. Of several
/// kinds that apply to a change of a record, the first is taken (R3.3).
type SwimEventKind =
    /// A member became active: it is Alive or Suspect, and was unknown, forgotten or Down.
    | MemberUp = 0uy
    /// A member that was active is Down, or its record was dropped because its identity became ours (R6.2).
    | MemberDown = 1uy
    /// Another identity took over a record, which stays active, or stays Down.
    | MemberRenamed = 2uy
    /// A member that was Alive is Suspect.
    | MemberSuspected = 3uy
    /// A member that was Suspect is Alive, as it refuted.
    | MemberRefuted = 4uy
    /// Any other change of a record: a higher incarnation, or a member that is Down when it becomes known.
    | MemberUpdated = 5uy
    /// A Down record left the table: it was forgotten (R7.6), or its identity became ours (R6.2).
    | MemberForgotten = 6uy
    /// The first active member is known, or an active member addressed the new identity of this one (R4.2, R12.2).
    | Active = 7uy
    /// No active member is left (R4.3).
    | Idle = 8uy
    /// This member was declared Down by others, or it left; the cause says which (R4.4).
    | Defunct = 9uy
    /// This member continues under a renewed identity, after it was declared Down (R5.3, R6.3).
    | Rejoined = 10uy
    /// This member was suspected or declared Down, and raised its incarnation to refute (R5.2, R13.3).
    | SelfRefuted = 11uy
    /// Another process claims the address of this member: the event has our own record before, and that of the
    /// rival after. This member waits before it renews its identity again (R13.5).
    | AddressConflict = 12uy
    /// Several probes of a member in a row were answered through helpers only: the network between this member and
    /// that one is at fault, and not the member (R14.5). The record did not change.
    | LinkImpaired = 13uy
    /// Such a member answered a probe directly again (R14.5).
    | LinkRestored = 14uy

/// A change of a record, or of this member itself. Every change of a record in the table is exactly one event
/// (R3.3). foca's `Notification`.
[<Struct; IsReadOnly; NoComparison>]
type SwimEvent<'TIdentity> =
    {
        /// The kind of the change.
        Kind: SwimEventKind
        /// Why it changed.
        Cause: ChangeCause
        /// Whether there was a record before the change.
        HasBefore: bool
        /// Whether there is a record after the change: false if the record left the table.
        HasAfter: bool
        /// The record before the change; the default value if there was none. In an event about this member
        /// itself, its own record.
        Before: MemberRecord<'TIdentity>
        /// The record after the change; the default value if there is none. In an event about this member itself,
        /// its own record.
        After: MemberRecord<'TIdentity>
    }

    /// The identity of the member that the event is about: that after the change, if there is a record then.
    member event.Identity: 'TIdentity =
        if event.HasAfter then event.After.Identity else event.Before.Identity

    /// Whether the event is about the record of another member, and not about this member itself.
    member event.IsAboutMember = event.Kind < SwimEventKind.Active

    /// Whether the event is about the link of this member to another (R14.5).
    member event.IsAboutLink = event.Kind >= SwimEventKind.LinkImpaired

    /// The kind and the identity, for logs.
    override event.ToString() = String.Concat(event.Kind.ToString(), " ", event.Identity)

    /// Whether the two events are equal in every field.
    static member op_Equality(left: SwimEvent<'TIdentity>, right: SwimEvent<'TIdentity>) : bool =
        EqualityComparer<SwimEvent<'TIdentity>>.Default.Equals(left, right)

    /// Whether the two events differ in a field.
    static member op_Inequality(left: SwimEvent<'TIdentity>, right: SwimEvent<'TIdentity>) : bool =
        not (EqualityComparer<SwimEvent<'TIdentity>>.Default.Equals(left, right))

namespace Swim.Core

open Swim

/// Making a `SwimEvent`.
[<RequireQualifiedAccess>]
module internal SwimEvent =

    let private kindOf (isSame: bool) (before: MemberStatus) (after: MemberStatus) =
        match before, after with
        | MemberStatus.Down, MemberStatus.Down ->
            if isSame then SwimEventKind.MemberUpdated else SwimEventKind.MemberRenamed
        | MemberStatus.Down, _ -> SwimEventKind.MemberUp
        | _, MemberStatus.Down -> SwimEventKind.MemberDown
        | _ when not isSame -> SwimEventKind.MemberRenamed
        | MemberStatus.Alive, MemberStatus.Suspect -> SwimEventKind.MemberSuspected
        | MemberStatus.Suspect, MemberStatus.Alive -> SwimEventKind.MemberRefuted
        | _ -> SwimEventKind.MemberUpdated

    let private both
        kind
        (before: inref<MemberRecord<'Id>>)
        (after: inref<MemberRecord<'Id>>)
        cause
        : SwimEvent<'Id> =
        {
            Kind = kind
            HasBefore = true
            Before = before
            HasAfter = true
            After = after
            Cause = cause
        }

    // R13.2: what others say of one that left comes from itself.
    let private causeOf (after: inref<MemberRecord<'Id>>) cause =
        if after.HasLeft && cause = ChangeCause.Gossip then ChangeCause.Leave else cause

    /// A member became known.
    let added (after: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        {
            Kind = (if after.IsActive then SwimEventKind.MemberUp else SwimEventKind.MemberUpdated)
            HasBefore = false
            Before = Unchecked.defaultof<_>
            HasAfter = true
            After = after
            Cause = causeOf &after cause
        }

    /// A record took the place of another at its address; `isSame` tells whether the identity stayed.
    let changed
        isSame
        (before: inref<MemberRecord<'Id>>)
        (after: inref<MemberRecord<'Id>>)
        (cause: ChangeCause)
        : SwimEvent<'Id> =
        let kind = kindOf isSame before.Status after.Status

        let cause =
            if not isSame then
                ChangeCause.IdentityChange
            elif after.Status = MemberStatus.Alive && before.Status <> MemberStatus.Alive then
                ChangeCause.Refutation
            else
                causeOf &after cause

        both kind &before &after cause

    /// A record was dropped: an active one counts as down, a Down one as forgotten.
    let removed (before: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        {
            Kind =
                (if before.IsActive then
                     SwimEventKind.MemberDown
                 else
                     SwimEventKind.MemberForgotten)
            HasBefore = true
            Before = before
            HasAfter = false
            After = Unchecked.defaultof<_>
            Cause = cause
        }

    /// Something about the link to the member with this record (R14.5).
    let link kind (record: MemberRecord<'Id>) : SwimEvent<'Id> = both kind &record &record ChangeCause.Probe

    /// Something about this member itself.
    let own
        kind
        (before: MemberRecord<'Id>)
        (after: MemberRecord<'Id>)
        (cause: ChangeCause)
        : SwimEvent<'Id> =
        both kind &before &after cause
