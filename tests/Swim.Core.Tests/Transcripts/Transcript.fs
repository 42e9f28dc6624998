namespace Swim.Core.Tests

open System
open System.Collections.Generic
open Expecto
open Swim
open Swim.Core

/// A step of a member in a scenario.
[<NoEquality; NoComparison>]
type TranscriptStep =
    {
        At: TimeSpan
        /// Its identity before the step.
        Member: TestId
        Event: Event<TestId>
        Effects: Effect<TestId> list
    }

    /// The timer that fired, if one did.
    member step.Timer: Timer<TestId> option =
        match step.Event with
        | TimerFired timer -> Some timer
        | _ -> None

    /// The packet that was received, if one was.
    member step.Packet: Packet<TestId> option =
        match step.Event with
        | PacketReceived packet -> Some packet
        | _ -> None

    /// Whether a packet of this kind was received.
    member step.Received(kind: MessageKind) : bool =
        step.Packet |> Option.exists (fun packet -> packet.Header.Kind = kind)

/// A cluster in which every packet travels for 10 ms, and all that happens in it, line by line.
[<Sealed>]
type Transcript(rules: Rules<TestId>, randomSeed: uint64) =

    let usualDelay = TimeSpan.FromMilliseconds 10.0
    let cluster = Cluster(rules, randomSeed, Delay = struct (10, 10))
    let lines = ResizeArray<string>()
    let steps = ResizeArray<TranscriptStep>()

    /// The lines of the packets of the last step whose fate is not known yet.
    let sends = Queue<int>()

    let happens (identity: TestId) (text: string) =
        lines.Add $"{TranscriptText.moment cluster.Now, 7}  {TranscriptText.identity identity, -5} {text}"

    let step (identity: TestId) (event: Event<TestId>) (effects: Effect<TestId> list) =
        let ending = if List.isEmpty effects then ": no effects" else ""
        happens identity (TranscriptText.trigger identity event + ending)

        for effect in effects do
            if effect.IsSend then
                sends.Enqueue lines.Count

            lines.Add(String(' ', 19) + TranscriptText.effect effect)

        steps.Add { At = cluster.Now; Member = identity; Event = event; Effects = effects }

    let fate (delays: TimeSpan list) =
        match delays with
        | [] -> " (lost)"
        | [ delay ] when delay = usualDelay -> ""
        | delays ->
            let arrivals = delays |> List.map (fun delay -> TranscriptText.moment (cluster.Now + delay))
            $""" (delayed, arrives at {String.concat " and " arrivals})"""

    let follow (event: ClusterEvent) =
        match event with
        | Started identity -> happens identity "starts"
        | Crashed identity -> happens identity "crashes"
        | Stepped(identity, event, effects) -> step identity event (List.ofSeq effects)
        | Posted(_, delays) ->
            let line = sends.Dequeue()
            lines[line] <- lines[line] + fate delays
        | Undelivered packet ->
            let receiver = packet.Header.Destination
            happens receiver $"does not run, and misses {TranscriptText.packet receiver packet}"

    do cluster.Follow <- follow

    member _.Cluster = cluster

    /// All steps of all members so far.
    member _.Steps: TranscriptStep list = List.ofSeq steps

    /// The lines so far.
    member _.Lines: string list = List.ofSeq lines

    /// A remark for the reader, between the lines.
    member _.Say(remark: string) = lines.Add $"-- {remark}"

    /// Starts a member that knows these records for long: it has nothing to disseminate.
    member _.Start(identity: TestId, known: MemberRecord<TestId> list) =
        cluster.Start identity

        if not (List.isEmpty known) then
            cluster.Do(identity.Address, Given.restore known) |> ignore

    /// Lets the caller of a member do something.
    member _.Do(identity: TestId, event: Event<TestId>) = cluster.Do(identity.Address, event) |> ignore

    /// Lets time pass until this moment, in seconds since the beginning.
    member _.Until(seconds: float) = cluster.Run(TimeSpan.FromSeconds seconds - cluster.Now)

    /// The network loses the packets that are chosen, and no others, from now on.
    member transcript.Lose(chosen: string, isLost: Packet<TestId> -> bool) =
        transcript.Say $"The network loses {chosen}."
        cluster.Blocks <- isLost

    /// The network loses no packets any more.
    member transcript.LoseNothing() =
        transcript.Say "The network loses no more packets."
        cluster.Blocks <- fun _ -> false

    /// Packets that are sent meanwhile are delayed by so many seconds.
    member _.Delayed(seconds: float, action: unit -> unit) =
        let delay = int (seconds * 1000.0)
        cluster.Delay <- struct (delay, delay)
        action ()
        cluster.Delay <- struct (10, 10)

    /// The only step of this member of which that is true.
    member transcript.Only(identity: TestId, what: string, isIt: TranscriptStep -> bool) : TranscriptStep =
        match transcript.Steps |> List.filter (fun step -> step.Member = identity && isIt step) with
        | [ step ] -> step
        | found -> failtest $"{TranscriptText.identity identity} {what} {found.Length} times, not once"

    /// What the members are at the end, line by line.
    member _.FinalStates: string list =
        [
            for address in cluster.Running do
                let state = cluster[address].State
                $"{String(' ', 9)}{TranscriptText.identity state.Identity, -5} {TranscriptText.state state}"
        ]
