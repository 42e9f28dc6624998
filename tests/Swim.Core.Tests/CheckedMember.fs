namespace Swim.Core.Tests

open System
open Expecto
open Swim
open Swim.Core

/// A core under watch: every step that it takes is held against every invariant, and its timers are
/// kept until the test lets them fire.
[<Sealed>]
type CheckedMember(initialRules: Rules<TestId>, identity: TestId, randomSeed: uint64, ?context: string) =

    let context = defaultArg context ""
    let history = History(initialRules.Identities)
    let timers = ResizeArray<struct (Timer<TestId> * TimeSpan)>()
    let mutable rules = initialRules
    let mutable state = State.create identity randomSeed
    let mutable steps = 0

    let complain what event =
        failtestf "%s\nat step %d, random seed %d, by %A\n%s" what steps randomSeed event context

    let observed before event after effects =
        {
            Rules = rules
            Before = before
            Event = event
            After = after
            Effects = effects
            History = history
        }

    /// The rules of its next step.
    member _.Rules
        with get () = rules
        and set value = rules <- value

    member _.State: State<TestId> = state
    member _.Identity: TestId = state.Identity
    member _.History = history

    /// The pending timers, in the order they were asked for, each with its delay.
    member _.Timers: struct (Timer<TestId> * TimeSpan) list = List.ofSeq timers

    /// The record about this address, if any.
    member _.RecordAt(address: int) : MemberRecord<TestId> option =
        State.allMembers state |> Seq.tryFind (fun record -> record.Identity.Address = address)

    /// One step; its effects, in order.
    member _.Take(event: Event<TestId>) : Effects<TestId> =
        let before = state
        steps <- steps + 1

        let struct (after, effects) =
            try
                Protocol.step rules before event
            with error ->
                complain $"A step threw {error}" event

        history.Observe(event, effects)

        match Checks.broken (observed before event after effects) with
        | [] -> ()
        | names -> complain $"""Broken: {String.concat ", " names}""" event

        state <- after

        for effect in effects do
            match effect with
            | Schedule(timer, after) -> timers.Add(struct (timer, after))
            | _ -> ()

        effects

    /// One step; its effects as a list.
    member core.Step(event: Event<TestId>) : Effect<TestId> list = List.ofSeq (core.Take event)

    /// Lets a timer fire. If it is pending, it is not any more.
    member core.Fire(timer: Timer<TestId>) : Effect<TestId> list =
        let at = timers.FindIndex(fun struct (other, _) -> other = timer)

        if at >= 0 then
            timers.RemoveAt at

        core.Step(TimerFired timer)

    /// Lets every pending timer that is chosen fire, in the order they were asked for.
    member core.FireAll(chosen: Timer<TestId> -> bool) : Effect<TestId> list =
        core.Timers
        |> List.filter (fun struct (timer, _) -> chosen timer)
        |> List.collect (fun struct (timer, _) -> core.Fire timer)
