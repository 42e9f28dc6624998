namespace Swim.Fuzz

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// One step that was taken: the event and its effects.
type internal Taken = (struct (Event<NodeIdentity> * Effects<NodeIdentity>))

/// Takes the steps of one member by another runner, and runs every check after each, also those of the bounds of what
/// one step may do. `past` is the steps before the first of these.
[<Sealed>]
type internal CheckedRunner
    (
        inner: StepRunner<NodeIdentity>,
        rules: Rules<NodeIdentity>,
        outgoing: Outgoing,
        past: IReadOnlyList<Taken>
    ) =
    inherit StepRunner<NodeIdentity>()

    let history = History<NodeIdentity>(IdentityOperations<NodeIdentity>.Instance)
    let taken = List<Taken>()

    do
        for struct (event, effects) in past do
            history.Observe(event, effects)

    static let most (setting: Nullable<PeriodicSetting>) =
        match setting with
        | Every periodic -> periodic.Members
        | Off -> 0

    // To how many members one reason to send sends at most.
    let fanOut =
        [|
            rules.Config.IndirectProbes
            most rules.Config.PeriodicAnnounce
            most rules.Config.PeriodicAnnounceToDown
            most rules.Config.PeriodicGossip
        |]
        |> Array.max

    /// A record can make the member take a new identity, which is the most that follows from one: the record at that
    /// address is removed, all timers start, a gossip, two events. A custom broadcast is only offered.
    let checkBounds items (before: State<NodeIdentity>) (after: State<NodeIdentity>) (effects: Effects<_>) =
        let within what (count: int) limit =
            if count > limit then
                Fault.found "%d %s after a step that has reason for %d" count what limit

        within "effects" effects.Count ((items + 2) * (fanOut + 8))
        within "records" after.Members.Count (before.Members.Count + items + 1)
        within "updates waiting" after.Updates.Count (before.Updates.Count + items + 2)
        within "broadcasts waiting" after.Broadcasts.Count (before.Broadcasts.Count + 1)
        within "tombstones" after.Tombstones.Count (before.Tombstones.Count + 1)

    let itemsOf (event: Event<NodeIdentity>) =
        match event with
        | PacketReceived packet -> packet.Updates.Count + packet.Broadcasts.Count
        | ApplyMany(updates, _) -> updates.Count
        | _ -> 0

    let check (seen: Observation<NodeIdentity>) =
        let broken = Checks.broken seen

        if not broken.IsEmpty then
            Fault.found "broken: %s" (String.concat ", " broken)

        checkBounds (itemsOf seen.Event) seen.Before seen.After seen.Effects

        for index in 0 .. seen.Effects.Count - 1 do
            match seen.Effects[index] with
            | Send packet -> outgoing.Check packet
            | _ -> ()

    /// The steps so far, in order.
    member _.Taken = taken :> IReadOnlyList<Taken>

    override _.Step(rules, before, event) =
        let thrown = Thrown.Count

        let struct (after, effects) =
            try
                inner.Step(rules, before, &event)
            with error ->
                Fault.found "the step threw %O" error

        Thrown.ExpectNoneSince(thrown, "the step")
        history.Observe(event, effects)
        taken.Add(struct (event, effects))

        check
            {
                Rules = rules
                Before = before
                Event = event
                After = after
                Effects = effects
                History = history
            }

        struct (after, effects)
