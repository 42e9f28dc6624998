namespace Swim.Core.Tests

open System
open Swim
open Swim.Core

/// All that a state holds, as plain data that can be compared: to see that two states are equal, or
/// that an old one has not changed.
type Digest =
    {
        Identity: TestId
        Incarnation: uint16
        Connection: ConnectionState
        Flags: bool list
        Token: uint64
        Probe: Probe<TestId>
        PendingReply: PacketHeader<TestId> voption
        Claims: string list
        Seed: uint64
        Records: MemberRecord<TestId> list
        RecordBounds: int list
        Stones: Tombstone<TestId> list
        StoneBounds: uint64 list
        Updates: (MemberRecord<TestId> * int list) list
        Broadcasts: (string * int list) list
        Buckets: (int * int list) list
        Indexes: uint64 list
    }

[<RequireQualifiedAccess>]
module Digest =

    let private items (vector: Vector<'T>) = List.init vector.Count (fun position -> vector[position])

    let rec private index (node: IndexNode) : uint64 list =
        [
            uint64 node.EntryMap
            uint64 node.ChildMap
            yield! node.Entries
            for child in node.Children do
                yield! index child
        ]

    let private entries (describe: 'Item -> 'Text) (backlog: Backlog<'Item>) =
        items backlog.Entries
        |> List.map (fun entry -> describe entry.Item, [ entry.Hash; entry.Size; entry.TransmissionsLeft ])

    let private buckets (backlog: Backlog<'Item>) =
        let rec entries (top: BacklogEntry<'Item>) = if isNull top then [] else top.Hash :: entries top.Below

        backlog.Buckets |> Seq.map (fun bucket -> bucket.Key, entries bucket.Top) |> List.ofSeq

    let private payloadText (item: BroadcastItem) = Convert.ToHexString item.Payload.Span

    let internal ofTable (table: MemberTable<TestId>) =
        let slots = [ for row in items table.Rows -> row.Slot ]
        let records = List.init table.Count (fun position -> table[position])
        records, table.Cursor :: table.ActiveCount :: slots, index table.Index

    let internal ofIndex (root: IndexNode) = index root

    let internal ofBacklog (describe: 'Item -> 'Text) (backlog: Backlog<'Item>) =
        entries describe backlog, buckets backlog, index backlog.Index

    let ofState (state: State<TestId>) : Digest =
        let records, bounds, memberIndex = ofTable state.Members

        {
            Identity = state.Identity
            Incarnation = state.Incarnation
            Connection = state.Connection
            Flags = [ state.HasLeft; state.AwaitingActive; state.AnnouncesToDown ]
            Token = state.Token
            Probe = state.Probe
            PendingReply = state.PendingReply
            Claims =
                [
                    string state.Claims.Renewals
                    string state.Claims.IsNotified
                    string state.Claims.Reminded
                ]
            Seed = state.Random.Seed
            Records = records
            RecordBounds = bounds
            Stones = items state.Tombstones.Ring
            StoneBounds = [ state.Tombstones.NextSequence; uint64 state.Tombstones.Count ]
            Updates = entries id state.Updates
            Broadcasts = entries payloadText state.Broadcasts
            Buckets = buckets state.Updates @ buckets state.Broadcasts
            Indexes =
                memberIndex
                @ index state.Tombstones.Index
                @ index state.Updates.Index
                @ index state.Broadcasts.Index
        }
