/// The backlog (R8.6), against a plain list that is sorted anew for each packet.
module Swim.Core.Tests.BacklogTests

open Expecto
open Swim
open Swim.Core

/// What the model knows of an entry: its size and its transmissions left.
type private Model = Map<string, struct (int * int)>

/// Enough for one item to have its own hash or to share it.
let private hashOf (item: string) = item.Length % 2

let private slotOf item (backlog: Backlog<string>) =
    Seq.init backlog.Count id |> Seq.tryFind (fun slot -> backlog.Entries[slot].Item = item)

let private entries (backlog: Backlog<string>) : Model =
    Map.ofList
        [
            for slot in 0 .. backlog.Count - 1 do
                let entry = backlog.Entries[slot]
                entry.Item, struct (entry.Size, entry.TransmissionsLeft)
        ]

/// R8.6 by the book: the keys (transmissions left, size) of what a packet with this room takes.
let private expected room overhead (model: Model) =
    let rec take left sorted =
        match sorted with
        | [] -> []
        | struct (size, budget) :: rest when size + overhead <= left ->
            struct (size, budget) :: take (left - size - overhead) rest
        | _ :: rest -> take left rest

    model
    |> Map.values
    |> Seq.sortByDescending (fun struct (size, budget) -> budget, size)
    |> List.ofSeq
    |> take room

let private charge (model: Model) item : Model =
    match model[item] with
    | struct (_, budget) when budget <= 1 -> Map.remove item model
    | struct (size, budget) -> Map.add item struct (size, budget - 1) model

let rec private piled (top: BacklogEntry<string>) = if isNull top then [] else top :: piled top.Below

/// Every entry is in the pile where it belongs, once, and the piles hold little else.
let private expectSound (backlog: Backlog<string>) =
    let keys = backlog.Buckets |> Array.map _.Key
    Expect.equal keys (keys |> Array.distinct |> Array.sortDescending) "buckets in falling order"
    let all = backlog.Buckets |> Seq.collect (fun bucket -> piled bucket.Top) |> List.ofSeq
    Expect.equal backlog.Piled all.Length "how many the piles hold"
    Expect.isLessThanOrEqual all.Length (2 * backlog.Count + 32) "the piles are tidied up"

    for slot in 0 .. backlog.Count - 1 do
        let entry = backlog.Entries[slot]
        let isEntry other = obj.ReferenceEquals(entry, other)
        Expect.equal (all |> List.filter isEntry |> List.length) 1 "in the piles once"

        let bucket =
            backlog.Buckets |> Array.find (fun bucket -> List.exists isEntry (piled bucket.Top))

        Expect.equal ((entry.TransmissionsLeft <<< 16) ||| entry.Size) bucket.Key "of its key"

let private fill room overhead leading backlog =
    let chosen = ResizeArray()
    let struct (after, used) = Backlog.fill (Owner()) room overhead leading chosen backlog
    struct (after, List.ofSeq chosen, used)

let private sendOne room overhead (backlog: Backlog<string>, model: Model) =
    let struct (after, chosen, used) = fill room overhead -1 backlog
    let keys = expected room overhead model
    Expect.equal (chosen |> List.map (fun item -> model[item])) keys "R8.6 in its order"
    Expect.equal (List.distinct chosen) chosen "nothing twice in a packet"
    Expect.equal used (List.sumBy (fun struct (size, _) -> size + overhead) keys) "bytes"
    after, List.fold charge model chosen

let private perform (backlog: Backlog<string>, model: Model) (kind: byte, raw: byte) =
    let item = String.replicate (1 + int raw % 5) (string (char (97 + int raw % 7)))
    let size = 1 + int raw % 9
    let budget = 1 + int kind % 3

    match kind % 5uy, slotOf item backlog with
    | 0uy, Some slot -> Backlog.removeAt (Owner()) slot backlog, Map.remove item model
    | 1uy, _ -> sendOne (int raw % 30) (int raw % 3) (backlog, model)
    | _, Some slot ->
        Backlog.replaceAt (Owner()) slot item size budget backlog, Map.add item struct (size, budget) model
    | _, None ->
        Backlog.add (Owner()) item (hashOf item) size budget backlog, Map.add item struct (size, budget) model

let private filled items =
    List.fold
        (fun backlog (item, size, budget) -> Backlog.add (Owner()) item (hashOf item) size budget backlog)
        (Backlog.empty ())
        items

let tests =
    testList
        "Backlog"
        [
            testPropertyWithConfig
                { FsCheckConfig.defaultConfig with maxTest = 300; endSize = 120 }
                "R8.6 as a sorted list does it"
            <| fun (operations: (byte * byte) list) ->
                let step run operation =
                    let backlog, model = perform run operation
                    Expect.equal (entries backlog) model "the same entries"
                    expectSound backlog
                    backlog, model

                List.fold step (Backlog.empty (), Map.empty) operations |> ignore

            testProperty "old versions stay as they were"
            <| fun (operations: (byte * byte) list) ->
                let versions =
                    List.scan perform (Backlog.empty (), Map.empty) operations
                    |> List.map (fun (backlog, _) -> backlog, Digest.ofBacklog id backlog)

                for backlog, before in versions do
                    Expect.equal (Digest.ofBacklog id backlog) before "unchanged"

            testCase "R8.6 most transmissions first, then the larger"
            <| fun () ->
                let backlog = filled [ "a", 5, 1; "b", 5, 3; "c", 9, 1; "d", 2, 3; "e", 7, 2 ]
                let struct (_, chosen, used) = fill 100 0 -1 backlog
                Expect.equal chosen [ "b"; "d"; "e"; "c"; "a" ] "in this order"
                Expect.equal used 28 "bytes"

            testCase "R8.6 what does not fit is skipped, and what is smaller goes"
            <| fun () ->
                let backlog = filled [ "a", 9, 3; "b", 8, 3; "c", 2, 3; "d", 8, 2; "e", 1, 1 ]
                let struct (after, chosen, used) = fill 12 0 -1 backlog
                Expect.equal chosen [ "a"; "c"; "e" ] "9, 2 and 1"
                Expect.equal used 12 "to the last byte"
                let left = entries after |> Map.toList
                Expect.equal (List.map fst left) [ "a"; "b"; "c"; "d" ] "all but the last are still there"
                Expect.equal (Map.find "b" (entries after)) struct (8, 3) "the skipped ones uncharged"

            testCase "R8.6 the overhead of each entry counts"
            <| fun () ->
                let backlog = filled [ "a", 3, 1; "b", 3, 1 ]
                let struct (_, chosen, used) = fill 9 2 -1 backlog
                Expect.equal (chosen.Length, used) (1, 5) "two take 10"

            testCase "R12.14 a leading entry goes first, charged as any other"
            <| fun () ->
                let backlog = filled [ "a", 5, 3; "b", 5, 1; "c", 5, 2 ]
                let struct (after, chosen, _) = fill 10 0 1 backlog
                Expect.equal chosen [ "b"; "a" ] "then the usual order"
                Expect.equal (Map.keys (entries after) |> List.ofSeq) [ "a"; "c" ] "it had one left"

            testCase "a leading entry that does not fit stays"
            <| fun () ->
                let struct (after, chosen, _) = fill 4 0 0 (filled [ "a", 5, 1; "b", 4, 1 ])
                Expect.equal chosen [ "b" ] "the other goes"
                Expect.equal after.Count 1 "it waits"

            testCase "no room, or nothing waiting, takes nothing"
            <| fun () ->
                let backlog = filled [ "a", 1, 1 ]
                let struct (after, chosen, used) = fill 0 0 -1 backlog
                Expect.equal (after.Count, chosen, used) (1, [], 0) "no room"
                let struct (_, chosen, _) = fill 100 0 -1 (Backlog.empty ())
                Expect.isEmpty chosen "nothing waits"

            testCase "sizes and budgets at their bounds keep their order"
            <| fun () ->
                let backlog = filled [ "a", 65535, 1; "b", 1, 255; "c", 65535, 255; "d", 1, 1 ]
                let struct (_, chosen, _) = fill 1000000 0 -1 backlog
                Expect.equal chosen [ "c"; "b"; "a"; "d" ] "in this order"
        ]
