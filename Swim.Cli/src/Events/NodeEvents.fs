namespace Swim.Cli

open System.Collections.Immutable
open System.Threading.Tasks
open Swim
open Swim.Host

/// An event of a node, and what the node knew right after it.
type NodeEvent =
    {
        Kind: SwimEventKind
        Identity: NodeIdentity
        /// The identity that the record had before the event, if that was another.
        Previous: NodeIdentity option
        /// None for a difference that was found after events were lost.
        Cause: ChangeCause option
        /// The active members right after this event. A snapshot may be ahead of it: one packet can cause many.
        Active: ImmutableHashSet<NodeIdentity>
        Connection: ConnectionState
    }

/// Follows the events of a node. A reader that missed some is brought up to date: the members that it knows are
/// compared with the snapshot, and the difference becomes events.
[<RequireQualifiedAccess>]
module NodeEvents =

    /// The active members before the first event.
    let noMembers: ImmutableHashSet<NodeIdentity> = ImmutableHashSet.Empty

    let private differences
        (active: ImmutableHashSet<NodeIdentity>)
        (snapshot: SwimSnapshot<NodeIdentity>)
        : NodeEvent list =
        let difference kind identity active =
            {
                Kind = kind
                Identity = identity
                Previous = None
                Cause = None
                Active = active
                Connection = snapshot.ConnectionState
            }

        let now = snapshot.Members |> Seq.map (fun record -> record.Identity) |> noMembers.Union
        let remaining = active.Intersect now

        [
            for lost in active.Except now do
                difference SwimEventKind.MemberDown lost remaining
            for added in now.Except active do
                difference SwimEventKind.MemberUp added now
        ]

    let private previous (event: SwimEvent<NodeIdentity>) =
        if event.HasBefore && not (event.Before.Identity.Equals event.Identity) then
            Some event.Before.Identity
        else
            None

    let private activeAfter (active: ImmutableHashSet<NodeIdentity>) (event: SwimEvent<NodeIdentity>) =
        let others = if event.HasBefore then active.Remove event.Before.Identity else active

        if event.HasAfter && event.After.IsActive then
            others.Add event.After.Identity
        else
            others

    /// The events of `watched` for a reader that knows the members `active`. The last event, if any, holds the
    /// members that the reader knows then.
    let ofWatched (active: ImmutableHashSet<NodeIdentity>) (watched: WatchedEvent) : NodeEvent list =
        if watched.IsResynchronize then
            differences active watched.Snapshot
        else
            let event = watched.Event.Value

            let after = if event.IsAboutMember then activeAfter active event else active

            [
                {
                    Kind = event.Kind
                    Identity = event.Identity
                    Previous = previous event
                    Cause = Some event.Cause
                    Active = after
                    Connection = watched.Snapshot.ConnectionState
                }
            ]

    /// Calls `handle` with each event, one at a time, until the node is disposed. No event after this call is
    /// missed.
    let follow (node: SwimNode) (handle: NodeEvent -> unit) : Task =
        let events = node.WatchAsync()

        Task.Run<unit>(fun () ->
            task {
                use reader = events.GetAsyncEnumerator()
                let mutable active = noMembers

                while! reader.MoveNextAsync() do
                    for event in ofWatched active reader.Current do
                        active <- event.Active
                        handle event
            })
