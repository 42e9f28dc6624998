namespace Swim.Cli.Demo

open System
open System.Collections.Immutable
open System.Diagnostics
open System.Net
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open Swim
open Swim.Cli
open Swim.Host

/// What the demo did to a node.
type PlaceState =
    | Running
    | CutOff
    | Killed
    | Left

/// A place in the demo's cluster: one endpoint, and the nodes that run there one after the other.
[<ReferenceEquality>]
type Place =
    {
        Number: int
        mutable Node: SwimNode
        mutable State: PlaceState
        /// The members that the node held active as of the last event that was taken from the cluster.
        mutable Active: ImmutableHashSet<NodeIdentity>
    }

/// An event, with the node that observed it and when.
[<Struct>]
type ObservedEvent =
    {
        /// The time of the cluster.
        At: TimeSpan
        Observer: Place
        /// The node at that time: events of a node that was restarted since may still be waiting.
        Node: SwimNode
        Event: NodeEvent
    }

/// A cluster of real nodes on the loopback interface. The events of all nodes come out as one sequence, for one
/// reader.
type Cluster(size: int) =
    let clock = Stopwatch.StartNew()

    let events =
        Channel.CreateUnbounded<ObservedEvent>(UnboundedChannelOptions(SingleReader = true))

    let start endPoint (seed: IPEndPoint option) =
        SwimNode.Start(
            SwimNodeOptions(
                BindEndPoint = endPoint,
                Seeds = [| for endPoint in Option.toList seed -> SeedAddress.Parse(endPoint.ToString()) |],
                Config = SwimConfig.Local size,
                // The demo decides which node leaves.
                LeaveOnDispose = false,
                // A node that was cut off soon tries again.
                JoinRetryMax = TimeSpan.FromSeconds 1.0
            )
        )

    let watch (place: Place) =
        let node = place.Node

        NodeEvents.follow node (fun event ->
            { At = clock.Elapsed; Observer = place; Node = node; Event = event }
            |> events.Writer.TryWrite
            |> ignore)
        |> ignore

    let anyPort = IPEndPoint(IPAddress.Loopback, 0)

    let place number seed =
        let node = start anyPort seed

        let place = { Number = number; Node = node; State = Running; Active = NodeEvents.noMembers }

        watch place
        place

    let first = place 1 None
    let seed = first.Node.LocalEndPoint
    let places = [| yield first; for number in 2..size -> place number (Some seed) |]

    /// The time since the cluster started.
    member _.Elapsed = clock.Elapsed

    /// All places, whether or not their nodes run.
    member _.Places = places

    /// The place of that number; the first is 1 and is the seed of the others.
    member _.Place(number: int) = places[number - 1]

    /// The place at the endpoint of that identity.
    member _.PlaceOf(identity: NodeIdentity) =
        places |> Array.tryFind (fun place -> place.Node.LocalEndPoint.Equals identity.EndPoint)

    /// Waits for the next event, and sets the active members of its observer to those right after it.
    member _.NextAsync(cancellation: CancellationToken) : Task<ObservedEvent> =
        task {
            let! next = events.Reader.ReadAsync cancellation
            let mutable observed = next

            while observed.Node <> observed.Observer.Node do
                let! next = events.Reader.ReadAsync cancellation
                observed <- next

            observed.Observer.Active <- observed.Event.Active
            return observed
        }

    /// Stops the node without leaving the cluster, like a crash.
    member _.KillAsync(place: Place) : Task =
        place.State <- Killed
        place.Node.DisposeAsync().AsTask()

    /// Leaves the cluster, then stops the node.
    member _.LeaveAsync(place: Place) : Task =
        task {
            place.State <- Left
            do! place.Node.LeaveAsync()
            do! place.Node.DisposeAsync()
        }

    /// Unplugs the node from the network, or plugs it in again.
    member _.CutOff(place: Place, isCutOff: bool) =
        place.State <- if isCutOff then CutOff else Running
        place.Node.IsCutOff <- isCutOff

    /// Starts a new node at the endpoint of one that was killed or that left.
    member _.Restart(place: Place) =
        place.Node <- start place.Node.LocalEndPoint (Some seed)
        place.Active <- NodeEvents.noMembers
        place.State <- Running
        watch place

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            places
            |> Array.map (fun place -> place.Node.DisposeAsync().AsTask())
            |> Task.WhenAll
            |> ValueTask
