namespace Swim.Cli

open System.Collections.Immutable
open System.Threading.Tasks
open Swim
open Swim.Host

/// An event of a node, and what the node knew right after it.
type NodeEvent =
    {
        /// Any kind but Resynchronize.
        Kind: SwimChangeKind
        Identity: NodeIdentity
        Previous: NodeIdentity option
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

    /// The events of a change for a reader that knows the members `active`. The last event, if any, holds the members
    /// that the reader knows then.
    let ofChange (active: ImmutableHashSet<NodeIdentity>) (change: SwimChange) : NodeEvent list =
        let event kind identity (active: ImmutableHashSet<NodeIdentity>) =
            {
                Kind = kind
                Identity = identity
                Previous = None
                Active = active
                Connection = change.Snapshot.ConnectionState
            }

        let identity = change.Identity

        match change.Kind with
        | SwimChangeKind.Resynchronize ->
            let now =
                change.Snapshot.Members |> Seq.map (fun record -> record.Identity) |> noMembers.Union

            let remaining = active.Intersect now

            [
                for lost in active.Except now do
                    event SwimChangeKind.MemberDown lost remaining
                for added in now.Except active do
                    event SwimChangeKind.MemberUp added now
            ]
        // A resynchronization has already reported these.
        | SwimChangeKind.MemberUp when active.Contains identity -> []
        | SwimChangeKind.MemberDown when not (active.Contains identity) -> []
        | SwimChangeKind.MemberUp -> [ event change.Kind identity (active.Add identity) ]
        | SwimChangeKind.MemberDown -> [ event change.Kind identity (active.Remove identity) ]
        | SwimChangeKind.Rename ->
            let previous = Option.ofNullable change.Previous

            let renamed =
                match previous with
                | Some previous when active.Contains previous -> active.Remove(previous).Add identity
                | _ -> active

            [ { event change.Kind identity renamed with Previous = previous } ]
        | kind -> [ event kind identity active ]

    /// Calls `handle` with each event, one at a time, until the node is disposed. No event after this call is
    /// missed.
    let follow (node: SwimNode) (handle: NodeEvent -> unit) : Task =
        let changes = node.WatchAsync()

        Task.Run<unit>(fun () ->
            task {
                use reader = changes.GetAsyncEnumerator()
                let mutable active = noMembers

                while! reader.MoveNextAsync() do
                    for event in ofChange active reader.Current do
                        active <- event.Active
                        handle event
            })
