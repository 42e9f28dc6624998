namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// Checks the invariants and the step checks after the steps of a run. They look at all records of a member,
/// so in clusters of more than `FullCheckLimit` members only some are checked, each at some of its steps.
[<Sealed>]
type Checker<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>(nodes: int) =

    [<Literal>]
    static let FullCheckLimit = 64

    [<Literal>]
    static let CheckedInLarge = 8

    let identities = IdentityOperations<'Id>.Instance
    let isLarge = nodes > FullCheckLimit
    let stride = if isLarge then max 1 (nodes / CheckedInLarge) else 1
    let every = if isLarge then max 1 (nodes / 4) else 1
    let failures = List<Failure>()
    let mutable checkedSteps = 0L
    let mutable seen = 0

    // More steps in a second than any burst takes: packets that cause ever more packets. The failure ends the
    // run, which would not end by itself.
    let mostStepsInASecond = 5_000L * int64 nodes
    let mutable second = 0L
    let mutable stepsInSecond = 0L

    /// Up to how many members every step of every member is checked.
    static member FullCheckUpTo = FullCheckLimit

    /// The failures so far.
    member _.Failures = failures :> IReadOnlyList<Failure>

    /// How many steps were checked.
    member _.CheckedSteps = checkedSteps

    /// A process started: its history begins anew.
    member _.Started(node: Node<'Id>) : unit =
        node.History <- if node.Number % stride = 0 then Some(History<'Id> identities) else None

    member private _.CountStep(time: int64, node: Node<'Id>) : unit =
        if time / TimeSpan.TicksPerSecond <> second then
            second <- time / TimeSpan.TicksPerSecond
            stepsInSecond <- 0L

        stepsInSecond <- stepsInSecond + 1L

        if stepsInSecond > mostStepsInASecond then
            failures.Add
                {
                    Property = "NoStorm"
                    At = TimeSpan.FromTicks time
                    Node = node.Number
                    Detail = $"more than {mostStepsInASecond} steps in one second"
                }

    /// A member took a step.
    member checker.Stepped
        (time: int64, node: Node<'Id>, before: State<'Id>, event: Event<'Id>, effects: Effects<'Id>)
        : unit =
        checker.CountStep(time, node)

        match node.History with
        | None -> ()
        | Some history ->
            history.Observe(event, effects)
            seen <- seen + 1

            if seen % every = 0 then
                checkedSteps <- checkedSteps + 1L

                let observation =
                    {
                        Rules = node.Rules
                        Before = before
                        Event = event
                        After = node.State
                        Effects = effects
                        History = history
                    }

                for name in Checks.broken observation do
                    failures.Add
                        {
                            Property = name
                            At = TimeSpan.FromTicks time
                            Node = node.Number
                            Detail = $"%A{event}"
                        }
