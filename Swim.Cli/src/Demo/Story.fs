namespace Swim.Cli

open System
open System.Threading
open System.Threading.Tasks
open Swim.Host

/// The demo's story: one phase after the other, each with what causes it and what is to follow.
[<RequireQualifiedAccess>]
module DemoPhases =

    /// What the phases share.
    type private Stage =
        {
            Cluster: DemoCluster
            Tell: DemoLine -> unit
            Cancellation: CancellationToken
            mutable Measured: Map<Measure, Quantity>
        }

        member this.Size = this.Cluster.Places.Length

        member this.Others(place: DemoNode) =
            this.Cluster.Places |> Array.filter (fun other -> other <> place) |> List.ofArray

        member this.Measure(measure, quantity) = this.Measured <- Map.add measure quantity this.Measured

        /// Tells what the demo does or has reached.
        member this.Story(at, text) = this.Tell { At = at; Text = text; IsStory = true }

        /// Tells what the demo does now, and gives the time.
        member this.Do(text) : TimeSpan =
            let now = this.Cluster.Elapsed
            this.Story(now, text)
            now

        /// Tells what a node noticed.
        member this.Event(at, text) = this.Tell { At = at; Text = text; IsStory = false }

    let private seconds (duration: TimeSpan) = $"{duration.TotalSeconds:F2} s"

    let private tellSighting (stage: Stage) (sighting: Sighting) =
        stage.Event(sighting.SeenAt, DemoBelief.tellSighting stage.Cluster sighting)

    let private await (stage: Stage) cause phase =
        Phase.awaitAsync stage.Cluster (tellSighting stage) stage.Cancellation cause phase

    let private everybody goal (stage: Stage) =
        {
            Goal = goal
            Observers = List.ofArray stage.Cluster.Places
            Holds = DemoBelief.seesAll stage.Size
            Missing = DemoBelief.tellMissing stage.Cluster.Places
        }

    let private down (stage: Stage) (subject: DemoNode) what =
        {
            Goal = $"all others see that node {subject.Number} {what}"
            Observers = stage.Others subject
            Holds = DemoBelief.isActive subject >> not
            Missing = DemoBelief.tell subject
        }

    let private back (stage: Stage) (subject: DemoNode) generation =
        {
            Goal = $"all others see node {subject.Number} under a newer generation than {generation}"
            Observers = stage.Others subject
            Holds = DemoBelief.isBack subject generation
            Missing = DemoBelief.tell subject
        }

    let private join (stage: Stage) =
        task {
            // Each node sees each other come up, which is many lines; one when it sees all will do.
            let tell (sighting: Sighting) =
                if sighting.Notice.Kind <> SwimChangeKind.MemberUp then
                    tellSighting stage sighting
                elif DemoBelief.seesAll stage.Size sighting.Observer then
                    stage.Event(
                        sighting.SeenAt,
                        $"node {sighting.Observer.Number} sees all {stage.Size - 1} others"
                    )

            let cause = TimeSpan.Zero
            stage.Story(cause, $"{stage.Size} nodes start on 127.0.0.1; node 1 is the seed of the others")

            let! timing =
                everybody "every node sees all others" stage
                |> Phase.awaitAsync stage.Cluster tell stage.Cancellation cause

            stage.Measure(AllJoined, Duration timing.All)
            stage.Story(timing.Reached, $"all joined after {seconds timing.All}")
        }

    let private kill (stage: Stage) (subject: DemoNode) =
        task {
            let cause = stage.Do $"node {subject.Number} is killed without notice"
            do! stage.Cluster.KillAsync subject
            let! timing = down stage subject "was killed" |> await stage cause
            stage.Measure(KilledDetectedFirst, Duration timing.First)
            stage.Measure(KilledDetectedAll, Duration timing.All)

            stage.Story(
                timing.Reached,
                $"all others detected it, the first after {seconds timing.First}, the last after {seconds timing.All}"
            )
        }

    let private leave (stage: Stage) (subject: DemoNode) =
        task {
            let cause = stage.Do $"node {subject.Number} leaves"
            do! stage.Cluster.LeaveAsync subject
            let! timing = down stage subject "left" |> await stage cause
            stage.Measure(LeftSeenAll, Duration timing.All)
            stage.Story(timing.Reached, $"all others saw it after {seconds timing.All}")
        }

    let private restart (stage: Stage) (subject: DemoNode) measure =
        task {
            let before = subject.Node.Identity.Generation

            let cause =
                stage.Do $"node {subject.Number} restarts at the same endpoint under a newer generation"

            stage.Cluster.Restart subject
            let! timing = back stage subject before |> await stage cause
            stage.Measure(measure, Duration timing.All)

            stage.Story(
                timing.Reached,
                $"node {subject.Number} is back at all others after {seconds timing.All}"
            )
            // What follows needs a node that knows all others, too.
            let! _ = everybody $"node {subject.Number} sees all others" stage |> await stage cause
            ()
        }

    let private cutOff (stage: Stage) (subject: DemoNode) =
        task {
            let cause = stage.Do $"node {subject.Number} is cut off: all its packets are dropped"
            stage.Cluster.CutOff(subject, true)
            let! timing = down stage subject "is cut off" |> await stage cause
            stage.Measure(CutOffDetectedAll, Duration timing.All)
            stage.Story(timing.Reached, $"all others declared it down after {seconds timing.All}")
        }

    let private heal (stage: Stage) (subject: DemoNode) =
        task {
            let before = subject.Node.Identity.Generation
            let cause = stage.Do $"node {subject.Number} is connected again"
            stage.Cluster.CutOff(subject, false)
            let! timing = back stage subject before |> await stage cause
            let after = subject.Node.Identity.Generation
            stage.Measure(HealedBackAll, Duration timing.All)
            stage.Measure(HealedGenerationOld, Generation before)
            stage.Measure(HealedGenerationNew, Generation after)

            let who = $"node {subject.Number}"
            stage.Story(timing.Reached, $"{who} is back at all others after {seconds timing.All}, renewed")
            stage.Story(timing.Reached, $"generation {before} is now {after}")

            // While cut off it declared others down itself, so those renew themselves, too.
            let! agreed = everybody "every node sees all others again" stage |> await stage cause
            stage.Measure(HealedAllAgree, Duration agreed.All)
            stage.Story(agreed.Reached, $"every node sees all others again after {seconds agreed.All}")
        }

    /// Plays all phases until the end, or until one fails or the demo is cancelled.
    let runAsync
        (cluster: DemoCluster)
        (tell: DemoLine -> unit)
        (cancellation: CancellationToken)
        : Task<DemoOutcome> =
        task {
            let stage =
                {
                    Cluster = cluster
                    Tell = tell
                    Cancellation = cancellation
                    Measured = Map.empty
                }

            let outcome failure =
                {
                    Nodes = stage.Size
                    Measured = stage.Measured
                    Total = cluster.Elapsed
                    Failure = failure
                }

            // Those that go are replaced, so that even of three nodes two are left to declare the third down.
            let killed, left, cut = cluster.Place 2, cluster.Place 3, cluster.Place stage.Size

            try
                do! join stage
                do! kill stage killed
                do! restart stage killed KilledRejoined
                do! leave stage left
                do! restart stage left LeftRejoined
                do! cutOff stage cut
                do! heal stage cut
                return outcome []
            with
            | PhaseFailed reasons -> return outcome reasons
            | :? OperationCanceledException -> return outcome [ "interrupted" ]
        }
