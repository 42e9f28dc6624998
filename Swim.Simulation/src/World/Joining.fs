namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The seeds of a cluster.
[<RequireQualifiedAccess>]
module Seeds =

    /// The longest wait between two times of asking the seeds.
    let longestWait = TimeSpan.FromSeconds 30.0

    /// The seeds of a member: the first two members, without the member itself.
    let ofMember (node: int) : int list =
        match node with
        | 1 -> [ 2 ]
        | 2 -> [ 1 ]
        | _ -> [ 1; 2 ]

/// Runs the policy of joining over the virtual network: it asks members, and schedules the next decision. Seeds are
/// not asked while a member is in a cluster, so that clusters that were apart heal by the protocol itself.
[<Sealed>]
type internal Joining<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (scheme: IdentityScheme<'Id>, nodes: int, config: SwimConfig, randomSeed: uint64, timeline: Timeline<'Id>)
    =

    let settings: JoinSettings =
        {
            RetryMin = TimeSpan.FromMilliseconds 500.0
            RetryMax = Seeds.longestWait
            Refresh = Nullable()
            FeedPace = JoinPolicy.feedPace config
        }

    let decideAt (time: int64) (node: Node<'Id>) =
        timeline.Schedule(
            time,
            { ScheduledEvent.create ScheduledEventKind.JoinDue node.Number node.Life with
                Number = node.JoinDecision
            }
        )

    let isActive (node: Node<'Id>) seed =
        MemberTable.tryFind node.Rules.Identities (scheme.Identity seed 0) node.State.Members
        |> ValueOption.exists MemberRecord.isActive

    let ask (node: Node<'Id>) (seeds: int list) (decision: JoinDecision) =
        match decision.Action with
        | JoinAction.AskSeeds ->
            for seed in seeds do
                if not (isActive node seed) then
                    node.Handle(AnnounceTo(scheme.Identity seed 0))
        | JoinAction.AskMember -> node.Handle(AnnounceTo node.State.Members[decision.Position].Identity)
        | _ -> ()

    /// A process starts: what an earlier one had scheduled is void.
    member _.Start(node: Node<'Id>) : unit =
        node.Joining <-
            JoinPolicy.start settings (RandomSeed.ofMember randomSeed node.Number node.Life ^^^ 0x4A6F696EUL)

        node.JoinDecision <- node.JoinDecision + 1
        node.IsAsking <- false

    /// Has the member decide whom to ask now, and schedules its next decision. A frozen member decides when it
    /// thaws.
    member _.Decide(node: Node<'Id>) : unit =
        node.JoinDecision <- node.JoinDecision + 1

        if timeline.Now < node.FrozenUntil then
            node.IsAsking <- true
            decideAt node.FrozenUntil node
        else
            let seeds = Seeds.ofMember node.Number |> List.filter (fun seed -> seed <= nodes)

            let view =
                {
                    Connection = node.State.Connection
                    ActiveMembers = node.State.Members.ActiveCount
                    KnowsSeed = List.exists (isActive node) seeds
                }

            let struct (decision, progress) = JoinPolicy.decide settings view node.Joining
            node.Joining <- progress
            node.IsAsking <- progress.Phase = JoinPhase.AskingSeeds
            ask node seeds decision

            if decision.Wait.HasValue then
                decideAt (timeline.Now + decision.Wait.Value.Ticks) node

    /// Has the member decide now, because something changed.
    member joining.Reconsider(node: Node<'Id>) : unit =
        node.Joining <- JoinPolicy.reconsider settings node.Joining
        joining.Decide node

    /// The same, by an event of its own that is due now: the member is in the middle of a step.
    member _.ReconsiderSoon(node: Node<'Id>) : unit =
        node.Joining <- JoinPolicy.reconsider settings node.Joining
        node.JoinDecision <- node.JoinDecision + 1
        node.IsAsking <- true
        decideAt timeline.Now node
