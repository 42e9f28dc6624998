namespace Swim.Core

open System

/// The working copy of one step: starts as the state before, is changed in place where no caller can
/// see it, and ends as the state after. A `StepRunner` uses one for step after step.
[<Sealed>]
type internal StepContext<'Id when 'Id: equality>() =

    // Effects that a step keeps room for between steps.
    static let keptEffects = 64

    [<DefaultValue(false)>]
    val mutable Random: RandomGenerator

    let mutable before: State<'Id> = Unchecked.defaultof<_>
    let mutable rules: Rules<'Id> = Unchecked.defaultof<_>
    let mutable owner: Owner = null

    // The first change copies what may change; until then the state before is read. Most steps change nothing.
    let mutable isChanged = false
    let mutable identity: 'Id = Unchecked.defaultof<_>
    let mutable incarnation = 0us
    let mutable connection = Connection.Idle
    let mutable hasLeft = false
    let mutable awaitingActive = false
    let mutable announcesToDown = false
    let mutable token = 0UL
    let mutable members: MemberTable<'Id> = Unchecked.defaultof<_>
    let mutable tombstones: Tombstones<'Id> = Unchecked.defaultof<_>
    let mutable updates: Backlog<Member<'Id>> = Unchecked.defaultof<_>
    let mutable broadcasts: Backlog<BroadcastItem> = Unchecked.defaultof<_>
    let mutable probe: Probe<'Id> = Unchecked.defaultof<_>
    let mutable pendingReply: Header<'Id> option = None
    let mutable effects: Effect<'Id>[] = Array.zeroCreate 4
    let mutable effectCount = 0
    let chosen = ResizeArray<Member<'Id>>()
    let draw = RandomDraw()

    /// Begins a step of this state. A step before this one that threw left nothing behind that counts.
    member step.Begin(startRules: Rules<'Id>, state: State<'Id>) =
        before <- state
        rules <- startRules
        owner <- null
        isChanged <- false
        effectCount <- 0
        step.Random <- state.Random

    member private _.Change() =
        if not isChanged then
            isChanged <- true
            identity <- before.Identity
            incarnation <- before.Incarnation
            connection <- before.Connection
            hasLeft <- before.HasLeft
            awaitingActive <- before.AwaitingActive
            announcesToDown <- before.AnnouncesToDown
            token <- before.Token
            members <- before.Members
            tombstones <- before.Tombstones
            updates <- before.Updates
            broadcasts <- before.Broadcasts
            probe <- before.Probe
            pendingReply <- before.PendingReply

    member _.Rules = rules
    member _.Config = rules.Config
    member _.Identities = rules.Identities

    /// Marks the nodes that this step made.
    member _.Owner =
        if isNull owner then
            owner <- Owner()

        owner

    member step.Identity
        with get () = if isChanged then identity else before.Identity
        and set value =
            step.Change()
            identity <- value

    member step.Incarnation
        with get () = if isChanged then incarnation else before.Incarnation
        and set value =
            step.Change()
            incarnation <- value

    member step.Connection
        with get () = if isChanged then connection else before.Connection
        and set value =
            step.Change()
            connection <- value

    member step.HasLeft
        with get () = if isChanged then hasLeft else before.HasLeft
        and set value =
            step.Change()
            hasLeft <- value

    member step.AwaitingActive
        with get () = if isChanged then awaitingActive else before.AwaitingActive
        and set value =
            step.Change()
            awaitingActive <- value

    member step.AnnouncesToDown
        with get () = if isChanged then announcesToDown else before.AnnouncesToDown
        and set value =
            step.Change()
            announcesToDown <- value

    member step.Token
        with get () = if isChanged then token else before.Token
        and set value =
            step.Change()
            token <- value

    member step.Members
        with get () = if isChanged then members else before.Members
        and set value =
            if not (obj.ReferenceEquals(value, step.Members)) then
                step.Change()
                members <- value

    member step.Tombstones
        with get () = if isChanged then tombstones else before.Tombstones
        and set value =
            if not (obj.ReferenceEquals(value, step.Tombstones)) then
                step.Change()
                tombstones <- value

    member step.Updates
        with get () = if isChanged then updates else before.Updates
        and set value =
            if not (obj.ReferenceEquals(value, step.Updates)) then
                step.Change()
                updates <- value

    member step.Broadcasts
        with get () = if isChanged then broadcasts else before.Broadcasts
        and set value =
            if not (obj.ReferenceEquals(value, step.Broadcasts)) then
                step.Change()
                broadcasts <- value

    member step.Probe
        with get () = if isChanged then probe else before.Probe
        and set value =
            step.Change()
            probe <- value

    member step.PendingReply
        with get () = if isChanged then pendingReply else before.PendingReply
        and set value =
            step.Change()
            pendingReply <- value

    /// The records that go into the packet that is being made; empty at first.
    member _.Chosen =
        chosen.Clear()
        chosen

    /// For one draw at a time.
    member _.RandomDraw = draw

    member _.Emit(effect: Effect<'Id>) =
        if effectCount = effects.Length then
            Array.Resize(&effects, effectCount * 2)

        effects[effectCount] <- effect
        effectCount <- effectCount + 1

    member step.Notify(notification) = step.Emit(Notify notification)

    member step.Schedule(timer, after: TimeSpan) = step.Emit(Schedule(timer, after))

    member step.Report(error: SwimError) = step.Emit(Report error)

    /// Whether this is exactly our identity.
    member step.IsOurs(other: 'Id) = rules.Identities.SameIdentity(step.Identity, other)

    /// Whether the two records say the same.
    member _.IsSame(left: Member<'Id>, right: Member<'Id>) =
        left.Status = right.Status
        && left.Incarnation = right.Incarnation
        && rules.Identities.SameIdentity(left.Identity, right.Identity)

    /// Whether a timer with this token belongs to our current life (R4.5).
    member step.IsCurrent(other: uint64) = other = step.Token

    member private step.After() : State<'Id> =
        if isChanged then
            {
                Identity = identity
                Incarnation = incarnation
                Connection = connection
                HasLeft = hasLeft
                AwaitingActive = awaitingActive
                AnnouncesToDown = announcesToDown
                Token = token
                Members = members
                Tombstones = tombstones
                Updates = updates
                Broadcasts = broadcasts
                Probe = probe
                PendingReply = pendingReply
                Random = step.Random
            }
        elif step.Random.Seed <> before.Random.Seed then
            { before with Random = step.Random }
        else
            before

    member private _.TakeEffects() : Effects<'Id> =
        match effectCount with
        | 0 -> Effects<'Id>.Empty
        | 1 ->
            let only = effects[0]
            effects[0] <- Unchecked.defaultof<_>
            effectCount <- 0
            Effects(only, [||])
        | count ->
            let taken = Effects<'Id>.Of(ReadOnlySpan(effects, 0, count))

            if effects.Length > keptEffects then
                effects <- Array.zeroCreate 4
            else
                Array.Clear(effects, 0, count)

            effectCount <- 0
            taken

    /// The state after, and what is to be done. The step is over.
    member step.Finish() : struct (State<'Id> * Effects<'Id>) =
        let after = step.After()
        let taken = step.TakeEffects()

        // Nothing of this step is kept alive by the next, or can be changed by it.
        owner <- null
        before <- Unchecked.defaultof<_>
        struct (after, taken)
