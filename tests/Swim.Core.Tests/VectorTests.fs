/// The persistent sequence, against a plain list.
module Swim.Core.Tests.VectorTests

open Expecto
open Swim
open Swim.Core

let private contents (vector: Vector<int>) = List.init vector.Count (fun index -> vector[index])

let private filled count =
    let owner = Owner()
    Seq.fold (fun vector value -> Vector.push owner value vector) (Vector.empty ()) (seq { 0 .. count - 1 })

/// One of three changes, by a raw number, on both sides.
let private change owner (vector: Vector<int>, model: ResizeArray<int>) (kind: byte, value: int) =
    match kind % 4uy with
    | 0uy when model.Count > 0 ->
        model.RemoveAt(model.Count - 1)
        Vector.pop owner vector, model
    | 1uy when model.Count > 0 ->
        let index = abs (value % model.Count)
        model[index] <- value
        Vector.set owner index value vector, model
    | _ ->
        model.Add value
        Vector.push owner value vector, model

/// The lengths around which the trie gains or loses a level, or a node.
let private edges =
    [ 0; 1; 31; 32; 33; 63; 64; 65; 1023; 1024; 1025; 1056; 1057; 32767; 32768; 32769 ]

let tests =
    testList
        "Vector"
        [
            testProperty "is a sequence, whatever is done to it"
            <| fun (start: byte) (steps: (byte * (byte * int) list) list) ->
                // Each step has an owner of its own, as each step of the protocol has.
                let mutable vector = filled (int start)
                let model = ResizeArray(contents vector)

                for _, changes in steps do
                    let owner = Owner()

                    for one in changes do
                        vector <- fst (change owner (vector, model) one)

                    Expect.equal (contents vector) (List.ofSeq model) "the same values"

            testProperty "old versions stay as they were"
            <| fun (start: byte) (steps: (byte * int) list list) ->
                let mutable vector = filled (int start)
                let model = ResizeArray(contents vector)
                let versions = ResizeArray()

                for changes in steps do
                    versions.Add(struct (vector, contents vector))
                    let owner = Owner()

                    for one in changes do
                        vector <- fst (change owner (vector, model) one)

                for struct (version, before) in versions do
                    Expect.equal (contents version) before "unchanged"

            testCase "grows and shrinks across its levels"
            <| fun () ->
                for length in edges do
                    let vector = filled length
                    Expect.equal vector.Count length "its length"
                    Expect.equal (contents vector) [ 0 .. length - 1 ] $"grown to {length}"

                let mutable vector = filled 32769
                let owner = Owner()

                for length in List.rev edges do
                    while vector.Count > length do
                        vector <- Vector.pop owner vector

                    Expect.equal (contents vector) [ 0 .. length - 1 ] $"shrunk to {length}"

            testCase "an owner that is over does not change what came after"
            <| fun () ->
                let first = Owner()
                let vector = filled 100 |> Vector.set first 50 -1
                let second = Owner()
                let later = Vector.set second 50 -2 vector
                // The first owner owns the nodes of `vector`, but none of `later`.
                let again = Vector.set first 51 -3 later
                Expect.equal (contents later) (List.updateAt 50 -2 [ 0..99 ]) "untouched"
                Expect.equal again[51] -3 "the new version has it"
                Expect.equal vector[50] -1 "and the old one its own"

            testCase "what is taken away can be put back in any version"
            <| fun () ->
                let whole = filled 1025
                let owner = Owner()
                let shorter = Vector.pop owner whole
                let other = Vector.push (Owner()) -1 shorter
                Expect.equal whole[1024] 1024 "the whole one"
                Expect.equal shorter.Count 1024 "the shorter one"
                Expect.equal other[1024] -1 "the other one"

            testCase "a value that was taken away is not kept alive"
            <| fun () ->
                let owner = Owner()
                let vector = Vector.empty () |> Vector.push owner "kept" |> Vector.push owner "dropped"
                let shorter = Vector.pop owner vector
                let leaf = shorter.LeafOf 0
                Expect.isTrue (isNull (box leaf[1])) "its place is empty"
        ]
