namespace Swim.Simulation

open System
open System.Buffers
open Swim
open Swim.Core

/// Starts and ends the processes of members.
[<Sealed>]
type internal Processes<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        scheme: IdentityScheme<'Id>,
        rules: Rules<'Id>,
        randomSeed: uint64,
        runner: StepRunner<'Id>,
        transport: Transport<'Id>,
        joining: Joining<'Id>,
        timeline: Timeline<'Id>,
        trace: RunTrace,
        observer: IRunObserver<'Id>
    ) =

    let drive (node: Node<'Id>) (generation: int) =
        let state =
            State.create
                (scheme.Identity node.Number generation)
                (RandomSeed.ofMember randomSeed node.Number node.Life)

        let effects = NodeEffects(node, randomSeed, transport, joining, timeline, trace)
        node.Driver <- MemberDriver(rules, state, runner, effects)
        node.Driver.Observe(NodeSteps(node, timeline, trace, observer))

    let dropHeldBack (node: Node<'Id>) =
        for datagram in Seq.append node.Arrived node.Unsent do
            ArrayPool<byte>.Shared.Return datagram.Bytes

        node.Arrived.Clear()
        node.Unsent.Clear()
        node.Overdue.Clear()
        node.Postponed.Clear()

    /// A member that never ran.
    member _.Create(number: int) : Node<'Id> =
        let node = Node<'Id>(number, timeline)
        drive node 1
        node

    /// Starts a process at this generation, with the parameters of the scenario and no anomaly.
    member _.Start(node: Node<'Id>, generation: int) : unit =
        node.Life <- node.Life + 1
        node.Generation <- max generation node.Generation

        drive node generation
        node.Values <- ValueStore()
        joining.Start node
        node.IsRunning <- true
        node.HasLeft <- false
        node.ClockRate <- 1_000_000
        node.Lateness <- TimeSpan.Zero
        node.PausedUntil <- 0L
        node.FrozenUntil <- 0L
        node.HealthySince <- timeline.Now
        observer.Started(timeline.Now, node)

    /// Ends the process of a member, if it runs, with all that was held back for it.
    member _.Crash(node: Node<'Id>) : unit =
        if node.IsRunning then
            node.IsRunning <- false
            dropHeldBack node
            observer.Stopped(timeline.Now, node)
