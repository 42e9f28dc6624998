namespace Swim.Cli

open System.Collections.Immutable
open System.Threading.Tasks
open Swim
open Swim.Host

/// Something that a node noticed.
type Notice =
    {
        /// Any kind but Resynchronize.
        Kind: SwimChangeKind
        Identity: NodeIdentity
        Previous: NodeIdentity option
        /// The active members as of this notice. A snapshot may be ahead of it: one packet can tell of many.
        Active: ImmutableHashSet<NodeIdentity>
        Connection: ConnectionState
    }

/// Following what a node notices. What a reader of changes missed is made up for: the members that it was
/// told of are compared with those that there are.
[<RequireQualifiedAccess>]
module Notice =

    /// Nobody is known yet.
    let nobody: ImmutableHashSet<NodeIdentity> = ImmutableHashSet.Empty

    /// The name in output.
    let name (kind: SwimChangeKind) : string =
        match kind with
        | SwimChangeKind.MemberUp -> "member-up"
        | SwimChangeKind.MemberDown -> "member-down"
        | SwimChangeKind.Rename -> "rename"
        | SwimChangeKind.Active -> "active"
        | SwimChangeKind.Idle -> "idle"
        | SwimChangeKind.Defunct -> "defunct"
        | SwimChangeKind.Rejoin -> "rejoin"
        | _ -> "resynchronize"

    /// What is to be told of a change to someone who knows of `active`. The last notice, if any, holds what
    /// is known from then on.
    let ofChange (active: ImmutableHashSet<NodeIdentity>) (change: SwimChange) : Notice list =
        let notice kind identity (active: ImmutableHashSet<NodeIdentity>) =
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
            let now = change.Snapshot.Members |> Seq.map (fun record -> record.Identity) |> nobody.Union
            let remaining = active.Intersect now

            [
                for gone in active.Except now do
                    notice SwimChangeKind.MemberDown gone remaining
                for come in now.Except active do
                    notice SwimChangeKind.MemberUp come now
            ]
        // What was made up for already does not come twice.
        | SwimChangeKind.MemberUp when active.Contains identity -> []
        | SwimChangeKind.MemberDown when not (active.Contains identity) -> []
        | SwimChangeKind.MemberUp -> [ notice change.Kind identity (active.Add identity) ]
        | SwimChangeKind.MemberDown -> [ notice change.Kind identity (active.Remove identity) ]
        | SwimChangeKind.Rename ->
            let previous = Option.ofNullable change.Previous

            let renamed =
                match previous with
                | Some previous when active.Contains previous -> active.Remove(previous).Add identity
                | _ -> active

            [ { notice change.Kind identity renamed with Previous = previous } ]
        | kind -> [ notice kind identity active ]

    /// Calls `handle` with each notice, one after the other, until the node is disposed. Nothing after the
    /// call of this is missed.
    let follow (node: SwimNode) (handle: Notice -> unit) : Task =
        let changes = node.WatchAsync()

        Task.Run<unit>(fun () ->
            task {
                use reader = changes.GetAsyncEnumerator()
                let mutable active = nobody

                while! reader.MoveNextAsync() do
                    for notice in ofChange active reader.Current do
                        active <- notice.Active
                        handle notice
            })
