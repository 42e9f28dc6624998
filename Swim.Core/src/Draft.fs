namespace Swim.Core

open System

/// The working copy of one step: starts as the state before, is changed in place where no one can
/// see it, and ends as the state after.
[<Sealed>]
type internal Draft<'Id when 'Id: equality>(rules: Rules<'Id>, before: State<'Id>) =

    [<DefaultValue(false)>]
    val mutable Random: Generator

    let mutable effects: Effect<'Id>[] = [||]
    let mutable effectCount = 0

    member _.Rules = rules
    member _.Config = rules.Config
    member _.Identities = rules.Identities

    /// Marks the nodes that this step made.
    member val Edit = Edit()

    member val Identity = before.Identity with get, set
    member val Incarnation = before.Incarnation with get, set
    member val Connection = before.Connection with get, set
    member val HasLeft = before.HasLeft with get, set
    member val AwaitingActive = before.AwaitingActive with get, set
    member val AnnouncesToDown = before.AnnouncesToDown with get, set
    member val Token = before.Token with get, set
    member val Members = before.Members with get, set
    member val Tombstones = before.Tombstones with get, set
    member val Updates = before.Updates with get, set
    member val Broadcasts = before.Broadcasts with get, set
    member val Probe = before.Probe with get, set
    member val PendingReply = before.PendingReply with get, set

    member _.Emit(effect: Effect<'Id>) =
        if effectCount = effects.Length then
            Array.Resize(&effects, max 4 (effectCount * 2))

        effects[effectCount] <- effect
        effectCount <- effectCount + 1

    member draft.Notify(notification) = draft.Emit(Notify notification)

    member draft.Schedule(timer, after: TimeSpan) = draft.Emit(Schedule(timer, after))

    member draft.Report(error: SwimError) = draft.Emit(Report error)

    /// Whether this is exactly our identity.
    member draft.IsOurs(identity: 'Id) = rules.Identities.SameIdentity(draft.Identity, identity)

    /// Whether the two records say the same.
    member _.IsSame(left: Member<'Id>, right: Member<'Id>) =
        left.Status = right.Status
        && left.Incarnation = right.Incarnation
        && rules.Identities.SameIdentity(left.Identity, right.Identity)

    /// Whether a timer with this token belongs to our current life (R4.5).
    member draft.IsCurrent(token: uint64) = token = draft.Token

    /// The state after, and what is to be done.
    member draft.Finish() : struct (State<'Id> * Effects<'Id>) =
        let after =
            {
                Identity = draft.Identity
                Incarnation = draft.Incarnation
                Connection = draft.Connection
                HasLeft = draft.HasLeft
                AwaitingActive = draft.AwaitingActive
                AnnouncesToDown = draft.AnnouncesToDown
                Token = draft.Token
                Members = draft.Members
                Tombstones = draft.Tombstones
                Updates = draft.Updates
                Broadcasts = draft.Broadcasts
                Probe = draft.Probe
                PendingReply = draft.PendingReply
                Random = draft.Random
            }

        struct (after, Effects(effects, effectCount))

[<RequireQualifiedAccess>]
module internal Draft =

    let start (rules: Rules<'Id>) (state: State<'Id>) : Draft<'Id> =
        let draft = Draft(rules, state)
        draft.Random <- state.Random
        draft
