namespace Swim

open System
open System.Collections.Generic
open System.Runtime.CompilerServices

/// Why something changed.
type ChangeCause =
    /// A probe of the member failed (R7.2).
    | Probe = 0uy
    /// Another member said so, or the caller did (R3.4, R9.4).
    | Gossip = 1uy
    /// The member refuted the suspicion with a higher incarnation (R5.2).
    | Refutation = 2uy
    /// A timer expired: a suspicion (R7.5), or the memory of a Down member (R7.6).
    | Timer = 3uy
    /// The caller asked this member to leave (R6.1).
    | Leave = 4uy
    /// An identity took the place of another at its address (R2.3, R3.4, R5.3, R6).
    | IdentityChange = 5uy

/// What an event is about. The kinds up to `MemberForgotten` are about the record of another member, and of
/// those that apply the first is taken; the kinds from `Active` on are about this member itself.
type SwimEventKind =
    /// A member became active: it is Alive or Suspect, and was unknown, forgotten or Down (R3.3).
    | MemberUp = 0uy
    /// A member that was active is Down: it crashed, left or was declared down (R3.3).
    | MemberDown = 1uy
    /// Another identity took over a record, which stays active, or stays Down (R3.3).
    | MemberRenamed = 2uy
    /// A member that was Alive is Suspect.
    | MemberSuspected = 3uy
    /// A member that was Suspect is Alive: it refuted.
    | MemberRefuted = 4uy
    /// Any other change of a record: a higher incarnation, or a member that is Down when it becomes known.
    | MemberUpdated = 5uy
    /// A Down member was forgotten (R7.6).
    | MemberForgotten = 6uy
    /// This member's identity is known to an active member (R4.2, R12.2).
    | Active = 7uy
    /// This member knows no active member (R4.3).
    | Idle = 8uy
    /// This member's identity was declared Down by others, or it left, which the cause tells (R4.4).
    | Defunct = 9uy
    /// This member gave up its identity for a renewed one, after it was declared Down (R5.3, R12.5).
    | Rejoined = 10uy
    /// This member was suspected, and refuted with a higher incarnation (R5.2).
    | SelfRefuted = 11uy

/// Something that changed. Every change of a record is exactly one event. foca's `Notification`.
[<Struct; IsReadOnly; NoComparison>]
type SwimEvent<'TIdentity> =
    {
        /// What happened.
        Kind: SwimEventKind
        /// Whether there was a record before the change.
        HasBefore: bool
        /// The record before the change; the default if there was none. For a kind about this member itself, its
        /// own.
        Before: MemberRecord<'TIdentity>
        /// Whether there is a record after the change: false when a member was forgotten.
        HasAfter: bool
        /// The record after the change; the default if there is none. For a kind about this member itself, its
        /// own.
        After: MemberRecord<'TIdentity>
        /// Why it happened.
        Cause: ChangeCause
    }

    /// The member that the event is about, by its identity after the change.
    member event.Identity: 'TIdentity =
        if event.HasAfter then event.After.Identity else event.Before.Identity

    /// Whether the event is about another member's record, not about this member itself.
    member event.IsAboutMember = event.Kind < SwimEventKind.Active

    /// The kind and the identity, for logs.
    override event.ToString() =
        String.Concat(event.Kind.ToString(), " ", event.Identity)

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

    let private kindOf (isSame: bool) (before: MemberRecord<'Id>) (after: MemberRecord<'Id>) =
        match before.Status, after.Status with
        | MemberStatus.Down, MemberStatus.Down -> if isSame then SwimEventKind.MemberUpdated else SwimEventKind.MemberRenamed
        | MemberStatus.Down, _ -> SwimEventKind.MemberUp
        | _, MemberStatus.Down -> SwimEventKind.MemberDown
        | _ when not isSame -> SwimEventKind.MemberRenamed
        | MemberStatus.Alive, MemberStatus.Suspect -> SwimEventKind.MemberSuspected
        | MemberStatus.Suspect, MemberStatus.Alive -> SwimEventKind.MemberRefuted
        | _ -> SwimEventKind.MemberUpdated

    let private both kind before after cause : SwimEvent<'Id> =
        {
            Kind = kind
            HasBefore = true
            Before = before
            HasAfter = true
            After = after
            Cause = cause
        }

    /// A member became known.
    let added (after: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        {
            Kind = (if after.IsActive then SwimEventKind.MemberUp else SwimEventKind.MemberUpdated)
            HasBefore = false
            Before = Unchecked.defaultof<_>
            HasAfter = true
            After = after
            Cause = cause
        }

    /// A record took the place of another at its address; `isSame` tells whether the identity stayed.
    let changed isSame (before: MemberRecord<'Id>) (after: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        let kind = kindOf isSame before after

        let cause =
            if kind = SwimEventKind.MemberRefuted then ChangeCause.Refutation
            elif not isSame then ChangeCause.IdentityChange
            else cause

        both kind before after cause

    /// A record was dropped: an active one counts as down, a Down one as forgotten.
    let removed (before: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        {
            Kind = (if before.IsActive then SwimEventKind.MemberDown else SwimEventKind.MemberForgotten)
            HasBefore = true
            Before = before
            HasAfter = false
            After = Unchecked.defaultof<_>
            Cause = cause
        }

    /// Something about this member itself.
    let own kind (before: MemberRecord<'Id>) (after: MemberRecord<'Id>) (cause: ChangeCause) : SwimEvent<'Id> =
        both kind before after cause
