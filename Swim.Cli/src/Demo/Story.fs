namespace Swim.Cli.Demo

open System
open System.Threading
open System.Threading.Tasks
open Swim
open Swim.Host

/// A line that the demo prints.
type StoryLine =
    {
        At: TimeSpan
        Text: string
        /// Whether the line is about what the demo does, not about an event of a node.
        IsStory: bool
    }

    override this.ToString() =
        let indent = if this.IsStory then "" else "  "
        $"{this.At.TotalSeconds, 7:F2} s  {indent}{this.Text}"

/// The story of the demo: one phase after the other, each with its cause and its goal.
[<RequireQualifiedAccess>]
module Story =

    /// The state that the phases share.
    type private Stage =
        {
            Cluster: Cluster
            Show: StoryLine -> unit
            Cancellation: CancellationToken
            mutable Measured: Map<Measure, Quantity>
        }

        member this.Size = this.Cluster.Places.Length

        member this.Others(place: Place) =
            this.Cluster.Places |> Array.filter (fun other -> other <> place) |> List.ofArray

        member this.Measure(measure, quantity) = this.Measured <- Map.add measure quantity this.Measured

        /// Prints what the demo does or has reached.
        member this.Story(at, text) = this.Show { At = at; Text = text; IsStory = true }

        /// Prints what the demo does now, and returns the time.
        member this.Do(text) : TimeSpan =
            let now = this.Cluster.Elapsed
            this.Story(now, text)
            now

        /// Prints an event of a node.
        member this.Event(at, text) = this.Show { At = at; Text = text; IsStory = false }

    let private seconds (duration: TimeSpan) = $"{duration.TotalSeconds:F2} s"

    let private showEvent (stage: Stage) (observed: ObservedEvent) =
        stage.Event(observed.At, Belief.describeEvent stage.Cluster observed)

    let private await (stage: Stage) cause phase =
        Phase.awaitAsync stage.Cluster (showEvent stage) stage.Cancellation cause phase

    let private allSeeAll goal (stage: Stage) =
        {
            Goal = goal
            Observers = List.ofArray stage.Cluster.Places
            Holds = Belief.seesAll stage.Size
            Missing = Belief.describeMissing stage.Cluster.Places
        }

    let private down (stage: Stage) (subject: Place) what =
        {
            Goal = $"all others see that node {subject.Number} {what}"
            Observers = stage.Others subject
            Holds = Belief.isActive subject >> not
            Missing = Belief.describe subject
        }

    let private back (stage: Stage) (subject: Place) generation =
        {
            Goal = $"all others see node {subject.Number} under a newer generation than {generation}"
            Observers = stage.Others subject
            Holds = Belief.isBack subject generation
            Missing = Belief.describe subject
        }

    let private join (stage: Stage) =
        task {
            // Each node sees every other one come up: one line when it sees all of them replaces these many.
            let show (observed: ObservedEvent) =
                if observed.Event.Kind <> SwimEventKind.MemberUp then
                    showEvent stage observed
                elif Belief.seesAll stage.Size observed.Observer then
                    stage.Event(
                        observed.At,
                        $"node {observed.Observer.Number} sees all {stage.Size - 1} others"
                    )

            let cause = TimeSpan.Zero
            stage.Story(cause, $"{stage.Size} nodes start on 127.0.0.1; node 1 is the seed of the others")

            let! timing =
                allSeeAll "every node sees all others" stage
                |> Phase.awaitAsync stage.Cluster show stage.Cancellation cause

            stage.Measure(AllJoined, Duration timing.All)
            stage.Story(timing.Reached, $"all joined after {seconds timing.All}")
        }

    let private kill (stage: Stage) (subject: Place) =
        task {
            let cause = stage.Do $"node {subject.Number} is killed"
            do! stage.Cluster.KillAsync subject
            let! timing = down stage subject "was killed" |> await stage cause
            stage.Measure(KilledDetectedFirst, Duration timing.First)
            stage.Measure(KilledDetectedAll, Duration timing.All)

            stage.Story(
                timing.Reached,
                $"all others detected it, the first after {seconds timing.First}, the last after {seconds timing.All}"
            )
        }

    let private leave (stage: Stage) (subject: Place) =
        task {
            let cause = stage.Do $"node {subject.Number} leaves"
            do! stage.Cluster.LeaveAsync subject
            let! timing = down stage subject "left" |> await stage cause
            stage.Measure(LeftSeenAll, Duration timing.All)
            stage.Story(timing.Reached, $"all others saw it after {seconds timing.All}")
        }

    let private restart (stage: Stage) (subject: Place) measure =
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
            // The next phase needs the new node to know all others, too.
            let! _ = allSeeAll $"node {subject.Number} sees all others" stage |> await stage cause
            ()
        }

    let private cutOff (stage: Stage) (subject: Place) =
        task {
            let cause = stage.Do $"node {subject.Number} is cut off: all its packets are dropped"
            stage.Cluster.CutOff(subject, true)
            let! timing = down stage subject "is cut off" |> await stage cause
            stage.Measure(CutOffDetectedAll, Duration timing.All)
            stage.Story(timing.Reached, $"all others declared it down after {seconds timing.All}")
        }

    let private heal (stage: Stage) (subject: Place) =
        task {
            let before = subject.Node.Identity.Generation
            let cause = stage.Do $"node {subject.Number} is connected again"
            stage.Cluster.CutOff(subject, false)
            let! timing = back stage subject before |> await stage cause
            let after = subject.Node.Identity.Generation
            stage.Measure(HealedBackAll, Duration timing.All)
            stage.Measure(HealedGenerationOld, Generation before)
            stage.Measure(HealedGenerationNew, Generation after)

            stage.Story(
                timing.Reached,
                $"node {subject.Number} is back at all others after {seconds timing.All}, under a renewed identity"
            )

            stage.Story(timing.Reached, $"generation {before} is now {after}")

            // While it was cut off it declared the others down, so they renew their identities, too.
            let! agreed = allSeeAll "every node sees all others again" stage |> await stage cause
            stage.Measure(HealedAllAgree, Duration agreed.All)
            stage.Story(agreed.Reached, $"every node sees all others again after {seconds agreed.All}")
        }

    /// Plays all phases, or until one fails or the demo is cancelled.
    let runAsync
        (cluster: Cluster)
        (show: StoryLine -> unit)
        (cancellation: CancellationToken)
        : Task<Outcome> =
        task {
            let stage =
                {
                    Cluster = cluster
                    Show = show
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

            // Nodes that stopped are restarted, so that even of three nodes two remain to declare the third down.
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
