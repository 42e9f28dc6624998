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

    member warm.Begin(stepper: Stepper) = Session(stepper, warm.Rules, warm.Outgoing, warm.State, warm.Past)

[<RequireQualifiedAccess>]
module internal WarmState =

    /// The core itself.
    let stepper = Stepper(fun rules state event -> Protocol.step rules state event)

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
            | _ -> 6

        List.except fired scheduled
        |> List.sortBy order
        |> List.distinctBy order
        |> List.truncate 3

    /// A state that this life leads to.
    let create (rules: Rules<NodeIdentity>) identity name (life: Session -> unit) : WarmState =
        let outgoing = Outgoing rules
        let session = Session(stepper, rules, outgoing, State.create identity 7UL, [||])

        try
            life session
        with FaultFound what ->
            Fault.found "on the way to the state \"%s\": %s" name what

        {
            Name = name
            Rules = rules
            State = session.State
            Past = Seq.toArray session.Taken
            Due = dueOf session.Taken
            Outgoing = outgoing
        }
