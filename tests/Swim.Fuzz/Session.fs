namespace Swim.Fuzz

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// What takes the steps: `Protocol.step`, or something wrapped around it.
type internal Stepper =
    delegate of
        Rules<NodeIdentity> * State<NodeIdentity> * Event<NodeIdentity> ->
            struct (State<NodeIdentity> * Effects<NodeIdentity>)

/// One step that was taken: what happened, and what was wanted.
type internal Taken = (struct (Event<NodeIdentity> * Effects<NodeIdentity>))

/// Holds what a member sends against the codec: it can be written, is as long as the core believes, and is
/// read as what it was.
[<Sealed>]
type internal Outgoing(rules: Rules<NodeIdentity>) =

    let codec = PacketCodec<NodeIdentity> NodeIdentityCodec.Instance
    let buffer: byte[] = Array.zeroCreate rules.Config.MaxPacketSize

    member _.Check(packet: Packet<NodeIdentity>) : unit =
        let mutable length = 0
        let mutable decoded = Unchecked.defaultof<Packet<NodeIdentity>>

        if not (codec.TryEncode(&packet, buffer.AsSpan(), &length)) then
            Fault.found "a packet that does not fit: %A" packet.Header

        if length <> Packet.size rules packet then
            Fault.found "a packet of %d bytes that the core takes for %d" length (Packet.size rules packet)

        match codec.Decode(ReadOnlySpan(buffer, 0, length), &decoded) with
        | SwimError.None when decoded = packet -> ()
        | error -> Fault.found "a packet that is read as something else (%O): %A" error packet.Header

/// One member under watch: every step that it takes is held against every invariant, and against the bounds
/// of what one step may do. `past` is what the observers of the member have seen so far.
[<Sealed>]
type internal Session
    (
        stepper: Stepper,
        rules: Rules<NodeIdentity>,
        outgoing: Outgoing,
        start: State<NodeIdentity>,
        past: IReadOnlyList<Taken>
    ) =

    let history = History<NodeIdentity>(IdentityOperations<NodeIdentity>.Instance)
    let taken = List<Taken>()
    let mutable state = start

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

    /// A record can make us take a new identity, which is the most that follows from one: what was at that
    /// address goes, all timers start, a gossip, two events. A custom broadcast is only offered.
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

    member _.Rules = rules
    member _.State = state

    /// The steps of this session, in order.
    member _.Taken = taken :> IReadOnlyList<Taken>

    /// One step; what it wants done.
    member _.Take(event: Event<NodeIdentity>) : Effects<NodeIdentity> =
        let before = state
        let thrown = Thrown.Count

        let struct (after, effects) =
            try
                stepper.Invoke(rules, before, event)
            with error ->
                Fault.found "the step threw %O" error

        Thrown.ExpectNoneSince(thrown, "the step")
        history.Observe(event, effects)
        taken.Add(struct (event, effects))

        let broken =
            Checks.broken
                {
                    Rules = rules
                    Before = before
                    Event = event
                    After = after
                    Effects = effects
                    History = history
                }

        if not broken.IsEmpty then
            Fault.found "broken: %s" (String.concat ", " broken)

        checkBounds (itemsOf event) before after effects

        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Send packet -> outgoing.Check packet
            | _ -> ()

        state <- after
        effects
