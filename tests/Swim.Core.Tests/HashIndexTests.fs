/// The persistent index, against a plain list of (hash, position), with hashes that collide.
module Swim.Core.Tests.HashIndexTests

open Expecto
open Swim
open Swim.Core

/// All that is filed under a hash.
let private filed hash (index: IndexNode) =
    Seq.initInfinite (fun ordinal -> HashIndex.find hash ordinal index)
    |> Seq.takeWhile (fun position -> position >= 0)
    |> List.ofSeq

let private hashes = [ 0; 1; 2; 3; 7; -1; System.Int32.MaxValue; System.Int32.MinValue ]
let private hashOf (raw: byte) = hashes[int raw % hashes.Length]

/// Adds, removes or moves by raw numbers; the model keeps what is filed, positions being unique.
let private change owner (index: IndexNode) (model: (int * int) list) next (kind: byte, raw: byte) =
    let pick = model |> List.tryItem (int raw % max 1 model.Length)

    match kind % 3uy, pick with
    | 0uy, Some(hash, position) ->
        HashIndex.remove owner hash position index, List.except [ hash, position ] model
    | 1uy, Some(hash, position) ->
        let moved = model |> List.map (fun one -> if one = (hash, position) then hash, next else one)
        HashIndex.move owner hash position next index, moved
    | _ ->
        let hash = hashOf raw
        HashIndex.add owner hash next index, model @ [ hash, next ]

let private expectSame (index: IndexNode) model =
    for hash in hashes do
        let expected = model |> List.filter (fun (other, _) -> other = hash) |> List.map snd
        Expect.equal (List.sort (filed hash index)) (List.sort expected) $"under {hash}"

let tests =
    testList
        "HashIndex"
        [
            testProperty "finds what was filed, however many share a hash"
            <| fun (changes: (byte * byte) list) ->
                let mutable index = HashIndex.empty ()
                let mutable model = []
                let mutable next = 0

                for one in changes do
                    let after, filed = change (Owner()) index model next one
                    index <- after
                    model <- filed
                    next <- next + 1
                    expectSame index model

            testProperty "changes of one owner are the same as changes of many"
            <| fun (changes: (byte * byte) list) ->
                let run (edits: unit -> Owner) =
                    let step (index, model, next) one =
                        let after, filed = change (edits ()) index model next one
                        after, filed, next + 1

                    let index, _, _ = List.fold step (HashIndex.empty (), [], 0) changes
                    Digest.ofIndex index

                let shared = Owner()
                Expect.equal (run (fun () -> shared)) (run (fun () -> Owner())) "the same index"

            testProperty "old versions stay as they were"
            <| fun (changes: (byte * byte) list list) ->
                let mutable index = HashIndex.empty ()
                let mutable model = []
                let mutable next = 0
                let versions = ResizeArray()

                for batch in changes do
                    versions.Add(struct (index, model))
                    let owner = Owner()

                    for one in batch do
                        let after, filed = change owner index model next one
                        index <- after
                        model <- filed
                        next <- next + 1

                for struct (version, before) in versions do
                    expectSame version before

            testCase "an index that was emptied is as good as new"
            <| fun () ->
                let owner = Owner()
                let positions = [ 0..199 ]

                let full =
                    List.fold
                        (fun index position -> HashIndex.add owner (position % 5) position index)
                        (HashIndex.empty ())
                        positions

                let emptied =
                    List.fold
                        (fun index position -> HashIndex.remove owner (position % 5) position index)
                        full
                        positions

                Expect.equal (Digest.ofIndex emptied) (Digest.ofIndex (HashIndex.empty ())) "no nodes"

            testCase "holds many hashes"
            <| fun () ->
                let owner = Owner()
                let count = 20000

                let index =
                    Seq.fold
                        (fun index position -> HashIndex.add owner (position * 7919) position index)
                        (HashIndex.empty ())
                        (seq { 0 .. count - 1 })

                for position in 0 .. count - 1 do
                    if filed (position * 7919) index <> [ position ] then
                        failtestf "%d was not found" position

                Expect.equal (HashIndex.find -5 0 index) -1 "and nothing else"

            testCase "removing what is not there changes nothing"
            <| fun () ->
                let index = HashIndex.add (Owner()) 1 10 (HashIndex.empty ())
                Expect.equal (filed 1 (HashIndex.remove (Owner()) 1 11 index)) [ 10 ] "another position"
                Expect.equal (filed 1 (HashIndex.remove (Owner()) 2 10 index)) [ 10 ] "another hash"
        ]
