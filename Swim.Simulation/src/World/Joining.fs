namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// Which members a member joins through.
[<RequireQualifiedAccess>]
module JoinPolicy =

    /// The seeds of a member: the first two members, without the member itself.
    let seedsOf (node: int) : int list =
        match node with
        | 1 -> [ 2 ]
        | 2 -> [ 1 ]
        | _ -> [ 1; 2 ]

    /// The wait after the first request of a round.
    let firstDelay = TimeSpan.FromMilliseconds 500.0

    /// The longest wait between two requests.
    let longestDelay = TimeSpan.FromSeconds 30.0

    /// The wait after a request, given the wait before it (zero if it is the first of its round): doubled
    /// each time, as the host does.
    let nextDelay (delay: TimeSpan) : TimeSpan =
        if delay = TimeSpan.Zero then firstDelay else min longestDelay (delay + delay)

/// Has members ask their seeds until one of them is active in the member's table. A member that becomes Idle
/// begins a new round (R12.3).
[<Sealed>]
type internal Joining<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (scheme: IdentityScheme<'Id>, nodes: int, timeline: Timeline<'Id>) =

    let askAt (time: int64) (node: Node<'Id>) =
        timeline.Schedule(
            time,
            { ScheduledEvent.create ScheduledEventKind.JoinDue node.Number node.Life with
                Number = node.JoinRound
            }
        )

    let isActive (node: Node<'Id>) seed =
        MemberTable.tryFind node.Rules.Identities (scheme.Identity seed 0) node.State.Members
        |> ValueOption.exists MemberRecord.isActive

    /// Begins a new round, which ends the requests of an earlier one.
    member _.BeginRound(node: Node<'Id>) : unit =
        node.JoinDelay <- TimeSpan.Zero
        node.JoinRound <- node.JoinRound + 1

    /// Begins a new round whose first request is an event of its own, due now.
    member joining.ScheduleRound(node: Node<'Id>) : unit =
        joining.BeginRound node
        askAt timeline.Now node

    /// Asks the member's seeds, unless one of them is active, and schedules the next request. A frozen member
    /// asks when it thaws; a member that left or is Defunct does not ask.
    member _.Ask(node: Node<'Id>) : unit =
        let seeds = JoinPolicy.seedsOf node.Number |> List.filter (fun seed -> seed <= nodes)
        node.IsAsking <- false

        if timeline.Now < node.FrozenUntil then
            node.IsAsking <- true
            askAt node.FrozenUntil node
        elif
            not node.HasLeft
            && node.State.Connection <> ConnectionState.Defunct
            && not (List.exists (isActive node) seeds)
        then
            for seed in seeds do
                node.Handle(AnnounceTo(scheme.Identity seed 0))

            node.JoinDelay <- JoinPolicy.nextDelay node.JoinDelay
            node.IsAsking <- true
            askAt (timeline.Now + node.JoinDelay.Ticks) node
