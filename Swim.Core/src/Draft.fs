namespace Swim.Core

open System

/// The working copy of one step: starts as the state before, is changed in place where no one can
/// see it, and ends as the state after. Each thread has one that is used again and again.
[<Sealed; AllowNullLiteral>]
type internal Draft<'Id when 'Id: equality> private () =

    // Effects that a draft keeps room for between steps.
    static let keptEffects = 64

    [<ThreadStatic; DefaultValue>]
    static val mutable private spare: Draft<'Id>

    [<DefaultValue(false)>]
    val mutable Random: Generator

    let mutable before: State<'Id> = Unchecked.defaultof<_>
    let mutable rules: Rules<'Id> = Unchecked.defaultof<_>
    let mutable edit: Edit = null
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

    /// A draft of this state. If a step throws, or steps within a step, another one is made.
    static member Start(startRules: Rules<'Id>, state: State<'Id>) : Draft<'Id> =
        let draft =
            match Draft<'Id>.spare with
            | null -> Draft<'Id>()
            | spare -> spare

        Draft<'Id>.spare <- null
        draft.Begin(startRules, state)
        draft

    member private draft.Begin(startRules: Rules<'Id>, state: State<'Id>) =
        before <- state
        rules <- startRules
        isChanged <- false
        identity <- state.Identity
        incarnation <- state.Incarnation
        connection <- state.Connection
        hasLeft <- state.HasLeft
        awaitingActive <- state.AwaitingActive
        announcesToDown <- state.AnnouncesToDown
        token <- state.Token
        members <- state.Members
        tombstones <- state.Tombstones
        updates <- state.Updates
        broadcasts <- state.Broadcasts
        probe <- state.Probe
        pendingReply <- state.PendingReply
        draft.Random <- state.Random

    member _.Rules = rules
    member _.Config = rules.Config
    member _.Identities = rules.Identities

    /// Marks the nodes that this step made.
    member _.Edit =
        if isNull edit then
            edit <- Edit()

        edit

    member _.Identity
        with get () = identity
        and set value =
            identity <- value
            isChanged <- true

    member _.Incarnation
        with get () = incarnation
        and set value =
            incarnation <- value
            isChanged <- true

    member _.Connection
        with get () = connection
        and set value =
            connection <- value
            isChanged <- true

    member _.HasLeft
        with get () = hasLeft
        and set value =
            hasLeft <- value
            isChanged <- true

    member _.AwaitingActive
        with get () = awaitingActive
        and set value =
            awaitingActive <- value
            isChanged <- true

    member _.AnnouncesToDown
        with get () = announcesToDown
        and set value =
            announcesToDown <- value
            isChanged <- true

    member _.Token
        with get () = token
        and set value =
            token <- value
            isChanged <- true

    member _.Members
        with get () = members
        and set value =
            isChanged <- isChanged || not (obj.ReferenceEquals(value, members))
            members <- value

    member _.Tombstones
        with get () = tombstones
        and set value =
            isChanged <- isChanged || not (obj.ReferenceEquals(value, tombstones))
            tombstones <- value

    member _.Updates
        with get () = updates
        and set value =
            isChanged <- isChanged || not (obj.ReferenceEquals(value, updates))
            updates <- value

    member _.Broadcasts
        with get () = broadcasts
        and set value =
            isChanged <- isChanged || not (obj.ReferenceEquals(value, broadcasts))
            broadcasts <- value

    member _.Probe
        with get () = probe
        and set value =
            probe <- value
            isChanged <- true

    member _.PendingReply
        with get () = pendingReply
        and set value =
            pendingReply <- value
            isChanged <- true

    /// The records that go into the packet that is being made; empty at first.
    member _.Chosen =
        chosen.Clear()
        chosen

    member _.Emit(effect: Effect<'Id>) =
        if effectCount = effects.Length then
            Array.Resize(&effects, effectCount * 2)

        effects[effectCount] <- effect
        effectCount <- effectCount + 1

    member draft.Notify(notification) = draft.Emit(Notify notification)

    member draft.Schedule(timer, after: TimeSpan) = draft.Emit(Schedule(timer, after))

    member draft.Report(error: SwimError) = draft.Emit(Report error)

    /// Whether this is exactly our identity.
    member _.IsOurs(other: 'Id) = rules.Identities.SameIdentity(identity, other)

    /// Whether the two records say the same.
    member _.IsSame(left: Member<'Id>, right: Member<'Id>) =
        left.Status = right.Status
        && left.Incarnation = right.Incarnation
        && rules.Identities.SameIdentity(left.Identity, right.Identity)

    /// Whether a timer with this token belongs to our current life (R4.5).
    member _.IsCurrent(other: uint64) = other = token

    member private draft.After() : State<'Id> =
        if isChanged || draft.Random.Seed <> before.Random.Seed then
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
                Random = draft.Random
            }
        else
            before

    member private _.TakeEffects() : Effects<'Id> =
        if effectCount = 0 then
            Effects<'Id>.Empty
        else
            let taken = Effects(effects.AsSpan(0, effectCount).ToArray(), effectCount)

            if effects.Length > keptEffects then
                effects <- Array.zeroCreate 4
            else
                Array.Clear(effects, 0, effectCount)

            effectCount <- 0
            taken

    /// The state after, and what is to be done. The draft must not be used any more.
    member draft.Finish() : struct (State<'Id> * Effects<'Id>) =
        let after = draft.After()
        let taken = draft.TakeEffects()

        // Nothing of this step is kept alive by the next, or can be changed by it.
        edit <- null
        before <- Unchecked.defaultof<_>
        Draft<'Id>.spare <- draft
        struct (after, taken)

[<RequireQualifiedAccess>]
module internal Draft =

    let start (rules: Rules<'Id>) (state: State<'Id>) : Draft<'Id> = Draft<'Id>.Start(rules, state)
