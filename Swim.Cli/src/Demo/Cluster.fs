namespace Swim.Cli

open System
open System.Collections.Immutable
open System.Diagnostics
open System.Net
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open Swim
open Swim.Host

/// What was done to a node of the demo.
type DemoNodeState =
    | Running
    | CutOff
    | Killed
    | Left

/// A place in the demo's cluster: one endpoint, and the nodes that live there one after the other.
[<ReferenceEquality>]
type DemoNode =
    {
        Number: int
        mutable Node: SwimNode
        mutable State: DemoNodeState
        /// The members that the node held active as of the last sighting that was taken from the cluster.
        mutable Active: ImmutableHashSet<NodeIdentity>
    }

/// Something that was noticed, by whom, and when.
[<Struct>]
type Sighting =
    {
        SeenAt: TimeSpan
        Observer: DemoNode
        /// The node at the time: a place that was restarted may have sightings of its former node waiting.
        Node: SwimNode
        Notice: Notice
    }

/// A line that the demo tells as it goes.
type DemoLine =
    {
        At: TimeSpan
        Text: string
        /// Whether it is about the demo itself, rather than about something that a node noticed.
        IsStory: bool
    }

    override this.ToString() =
        let indent = if this.IsStory then "" else "  "
        $"{this.At.TotalSeconds, 7:F2} s  {indent}{this.Text}"

/// A cluster of real nodes on the loopback interface. What any of them notices comes out as one
/// sequence of sightings, for one reader.
type DemoCluster(size: int) =
    let clock = Stopwatch.StartNew()

    let sightings =
        Channel.CreateUnbounded<Sighting>(UnboundedChannelOptions(SingleReader = true))

    let start endPoint (seed: IPEndPoint option) =
        SwimNode.Start(
            SwimNodeOptions(
                BindEndPoint = endPoint,
                Seeds = [| for endPoint in Option.toList seed -> SeedAddress.Parse(endPoint.ToString()) |],
                Config = SwimConfig.Local size,
                // Here leaving is an act of its own.
                LeaveOnDispose = false,
                // A node that was cut off soon tries again.
                JoinRetryMax = TimeSpan.FromSeconds 1.0
            )
        )

    let watch (place: DemoNode) =
        let node = place.Node

        Notice.follow node (fun notice ->
            { SeenAt = clock.Elapsed; Observer = place; Node = node; Notice = notice }
            |> sightings.Writer.TryWrite
            |> ignore)
        |> ignore

    let anyPort = IPEndPoint(IPAddress.Loopback, 0)

    let place number seed =
        let node = start anyPort seed
        let place = { Number = number; Node = node; State = Running; Active = Notice.nobody }
        watch place
        place

    let first = place 1 None
    let seed = first.Node.LocalEndPoint
    let places = [| yield first; for number in 2..size -> place number (Some seed) |]

    /// The time since the cluster started.
    member _.Elapsed = clock.Elapsed

    /// All places, whatever became of their nodes.
    member _.Places = places

    /// The place of that number; the first is 1 and is the seed of the others.
    member _.Place(number: int) = places[number - 1]

    /// The place at that endpoint.
    member _.PlaceOf(identity: NodeIdentity) =
        places |> Array.tryFind (fun place -> place.Node.LocalEndPoint.Equals identity.EndPoint)

    /// Waits for the next sighting; the observer then holds active what it says.
    member _.NextAsync(cancellation: CancellationToken) : Task<Sighting> =
        task {
            let! next = sightings.Reader.ReadAsync cancellation
            let mutable sighting = next

            while sighting.Node <> sighting.Observer.Node do
                let! next = sightings.Reader.ReadAsync cancellation
                sighting <- next

            sighting.Observer.Active <- sighting.Notice.Active
            return sighting
        }

    /// The node vanishes without a word.
    member _.KillAsync(place: DemoNode) : Task =
        place.State <- Killed
        place.Node.DisposeAsync().AsTask()

    /// The node tells the others that it goes, and goes.
    member _.LeaveAsync(place: DemoNode) : Task =
        task {
            place.State <- Left
            do! place.Node.LeaveAsync()
            do! place.Node.DisposeAsync()
        }

    /// Pulls the node's cable, or puts it back.
    member _.CutOff(place: DemoNode, isCutOff: bool) =
        place.State <- if isCutOff then CutOff else Running
        place.Node.IsCutOff <- isCutOff

    /// A new node takes the place of one that was killed or left, at the same endpoint.
    member _.Restart(place: DemoNode) =
        place.Node <- start place.Node.LocalEndPoint (Some seed)
        place.Active <- Notice.nobody
        place.State <- Running
        watch place

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            places
            |> Array.map (fun place -> place.Node.DisposeAsync().AsTask())
            |> Task.WhenAll
            |> ValueTask
