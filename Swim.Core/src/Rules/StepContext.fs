namespace Swim.Core

open System
open Swim

/// The working copy of one step. The first change copies the state; until then the step reads the state before,
/// as most steps change nothing. No caller sees the copy before the step ends. A `StepRunner` uses one context
/// for all its steps.
[<Sealed>]
type internal StepContext<'Id when 'Id: equality>() =

    // The largest number of effects for which the context keeps room between steps.
    static let keptEffects = 64

    [<DefaultValue(false)>]
    val mutable Random: RandomGenerator

    let mutable before: State<'Id> = Unchecked.defaultof<_>
    let mutable state: State<'Id> = Unchecked.defaultof<_>
    let mutable rules: Rules<'Id> = Unchecked.defaultof<_>
    let mutable owner: Owner = null
    let mutable effects: Effect<'Id>[] = Array.zeroCreate 4
    let mutable effectCount = 0
    let chosen = ResizeArray<MemberRecord<'Id>>()
    let draw = RandomDraw()

    /// Begins a step from this state. Nothing remains of an earlier step, even of one that threw.
    member step.Begin(startRules: Rules<'Id>, start: State<'Id>) : unit =
        before <- start
        state <- start
        rules <- startRules
        owner <- null
        effectCount <- 0
        step.Random <- start.Random

    member _.Rules = rules
    member _.Identities = rules.Identities

    /// Whether Down is final for an identity (R12.8), or can be refuted (R13).
    member _.DownIsFinal = rules.Config.DownIsFinal

    /// The number of members that are known, this one included (R15.1).
    member _.KnownMembers = state.Members.ActiveCount + 1

    /// The number of packets that carry an update or a custom broadcast (R15.1).
    member step.Transmissions: int = Sizing.transmissions &rules.Config step.KnownMembers

    /// The current state, for reading.
    member _.State = state

    /// Our own record.
    member _.Self: MemberRecord<'Id> = state.Self rules.Config.DownIsFinal

    /// The record that ends an identity for good: its member left, or continued under another one (R13.2).
    member _.Departed(identity: 'Id) : MemberRecord<'Id> =
        MemberRecord.normal rules.Config.DownIsFinal (MemberRecord.left identity)

    /// The current state, for changing.
    member _.Change() : State<'Id> =
        if obj.ReferenceEquals(state, before) then
            state <- before.Copy()

        state

    // A collection that this step owns already is changed in place, and is set as the same object.

    member step.SetMembers(table: MemberTable<'Id>) =
        if not (obj.ReferenceEquals(table, state.Members)) then
            step.Change().Members <- table

    member step.SetTombstones(stones: Tombstones<'Id>) =
        if not (obj.ReferenceEquals(stones, state.Tombstones)) then
            step.Change().Tombstones <- stones

    member step.SetUpdates(backlog: Backlog<MemberRecord<'Id>>) =
        if not (obj.ReferenceEquals(backlog, state.Updates)) then
            step.Change().Updates <- backlog

    member step.SetBroadcasts(backlog: Backlog<BroadcastItem>) =
        if not (obj.ReferenceEquals(backlog, state.Broadcasts)) then
            step.Change().Broadcasts <- backlog

    /// The owner of the nodes that this step makes.
    member _.Owner =
        if isNull owner then
            owner <- Owner()

        owner

    /// An empty list for the records of the packet that is being made.
    member _.Chosen =
        chosen.Clear()
        chosen

    /// The draw, for one choice at a time.
    member _.Draw = draw

    member _.Emit(effect: Effect<'Id>) =
        if effectCount = effects.Length then
            Array.Resize(&effects, effectCount * 2)

        effects[effectCount] <- effect
        effectCount <- effectCount + 1

    member step.Notify(event: SwimEvent<'Id>) = step.Emit(Notify event)

    /// Notifies an event about this member itself, whose record was `previous`.
    member step.NotifyOwn(kind: SwimEventKind, previous: MemberRecord<'Id>, cause: ChangeCause) =
        step.Notify(SwimEvent.own kind previous step.Self cause)

    member step.Schedule(timer: Timer<'Id>, after: TimeSpan) = step.Emit(Schedule(timer, after))

    member step.Report(error: SwimError) = step.Emit(Report error)

    /// Whether this is exactly our identity.
    member _.IsOurs(other: 'Id) = rules.Identities.SameIdentity(state.Identity, other)

    /// Whether this is any identity at our address.
    member _.IsAtOurAddress(other: 'Id) = rules.Identities.SameAddress(state.Identity, other)

    /// Whether we judge other members: we are Active, and our host can be trusted (R7.5, R14.4).
    member _.MayJudge = state.Connection = ConnectionState.Active && not state.Health.IsImpaired

    /// Whether a timer with this token belongs to our current life (R4.5).
    member _.IsCurrent(token: uint64) = token = state.Token

    member private _.TakeEffects() : Effects<'Id> =
        let taken = Effects<'Id>.Of(ReadOnlySpan(effects, 0, effectCount))

        if effects.Length > keptEffects then
            effects <- Array.zeroCreate 4
        else
            Array.Clear(effects, 0, effectCount)

        effectCount <- 0
        taken

    /// Ends the step: the state after it, and the effects.
    member step.Finish() : struct (State<'Id> * Effects<'Id>) =
        if step.Random.Seed <> state.Random.Seed then
            step.Change().Random <- step.Random

        let after = state
        let taken = step.TakeEffects()

        // The next step keeps nothing of this one alive, and cannot change it.
        owner <- null
        before <- Unchecked.defaultof<_>
        state <- Unchecked.defaultof<_>
        struct (after, taken)
