namespace Swim.Fuzz

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// A member in the middle of its life, to be stepped from again and again.
[<NoEquality; NoComparison>]
type internal WarmState =
    {
        Name: string
        Rules: Rules<NodeIdentity>
        State: State<NodeIdentity>
        /// What led to it.
        Past: IReadOnlyList<Taken>
        /// Some of the pending timers, in the order in which a host would fire them.
        Due: Timer<NodeIdentity> list
        Outgoing: Outgoing
    }

    /// A member at this state, whose steps that runner takes.
    member warm.Begin(runner: StepRunner<NodeIdentity>) : Session =
        Session(runner, warm.Rules, warm.Outgoing, warm.State, warm.Past)

/// The steps that lead to a warm state, each under every check. Unlike a session, it takes single steps, so that it can
/// also end between a packet and its answer.
[<Sealed>]
type internal WarmUp(rules: Rules<NodeIdentity>, outgoing: Outgoing, identity: NodeIdentity) =

    let runner = CheckedRunner(StepRunner(), rules, outgoing, [||])
    let mutable state = State.create identity 7UL

    member _.State = state

    /// The steps so far, in order.
    member _.Taken = runner.Taken

    /// One step.
    member _.Take(event: Event<NodeIdentity>) : unit =
        let struct (after, _) = runner.Step(rules, state, &event)
        state <- after

[<RequireQualifiedAccess>]
module internal WarmState =

    /// The timers that were asked for and have not fired: one of each kind, and no more than three.
    let private dueOf (past: IReadOnlyList<Taken>) : Timer<NodeIdentity> list =
        let fired =
            [
                for struct (event, _) in past do
                    match event with
                    | TimerFired timer -> timer
                    | _ -> ()
            ]

        let scheduled =
            [
                for struct (_, effects) in past do
                    for effect in effects do
                        match effect with
                        | Schedule(timer, _) -> timer
                        | _ -> ()
            ]

        let order (timer: Timer<NodeIdentity>) =
            match timer with
            | SendIndirectProbe _ -> 0
            | ProbeRandomMember _ -> 1
            | ChangeSuspectToDown _ -> 2
            | PeriodicAnnounceDown _ -> 3
            | RemoveDown _ -> 4
            | RemoveTombstone _ -> 5
            | ResetRenewals -> -1
            | ResetReminders -> -2
            | SendNack _ -> -3
            | AskDown _ -> -4
            | _ -> 6

        // The same timer is asked for again and again: one that fired takes away one that was asked for.
        let pending = List(scheduled)

        for timer in fired do
            pending.Remove timer |> ignore

        List.ofSeq pending |> List.sortBy order |> List.distinctBy order |> List.truncate 3

    /// A state that this life leads to.
    let create (rules: Rules<NodeIdentity>) identity name (life: WarmUp -> unit) : WarmState =
        let outgoing = Outgoing rules
        let warmUp = WarmUp(rules, outgoing, identity)

        try
            life warmUp
        with FaultFound what ->
            Fault.found "on the way to the state \"%s\": %s" name what

        {
            Name = name
            Rules = rules
            State = warmUp.State
            Past = Seq.toArray warmUp.Taken
            Due = dueOf warmUp.Taken
            Outgoing = outgoing
        }
