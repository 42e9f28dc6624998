/// The tombstones (R12.7): bounded in number and in age.
module Swim.Core.Tests.TombstonesTests

open Expecto
open Swim
open Swim.Core

let private identities = TestId.colliding

let private add identities owner (identity: TestId) (stones: Tombstones<TestId>) =
    Tombstones.add identities owner (MemberRecord.down identity 7us) stones

let private buried addresses =
    List.fold
        (fun stones address -> add identities (Owner()) (Given.peer address) stones)
        (Tombstones.empty ())
        addresses

let private isBuried address stones =
    match Tombstones.tryFind identities (Given.peer address) stones with
    | ValueSome stone -> stone.Identity = Given.peer address && stone.Incarnation = 7us
    | ValueNone -> false

let private change (stones: Tombstones<TestId>, model: (int * uint64) list) (kind: byte, raw: byte) =
    let address = int raw % 10
    let others = List.filter (fun (other, _) -> other <> address) model

    match kind % 4uy with
    | 0uy -> Tombstones.remove identities (Owner()) (Given.peer address) stones, others
    | 1uy ->
        let sequence = uint64 raw
        let kept = List.filter (fun (_, other) -> other <> sequence) model
        Tombstones.expire identities (Owner()) sequence stones, kept
    | _ ->
        let added = (address, stones.NextSequence) :: others
        add identities (Owner()) (Given.peer address) stones, added

let tests =
    testList
        "Tombstones"
        [
            testProperty "are a map of those that were added, removed and expired"
            <| fun (changes: (byte * byte) list) ->
                let stones, model = List.fold change (Tombstones.empty (), []) changes
                Expect.equal stones.Count model.Length "as many"

                for address in 0..9 do
                    let stands = List.exists (fun (other, _) -> other = address) model
                    Expect.equal (isBuried address stones) stands $"at {address}"

            testProperty "old versions stay as they were"
            <| fun (changes: (byte * byte) list) ->
                let versions = List.scan change (Tombstones.empty (), []) changes

                for stones, model in versions do
                    Expect.equal stones.Count model.Length "as many"

                    for address, _ in model do
                        Expect.isTrue (isBuried address stones) $"at {address}"

            testCase "an address has one, that of the last identity"
            <| fun () ->
                let newer = Given.newer (Given.peer 2)
                let stones = add identities (Owner()) newer (buried [ 2 ])
                Expect.equal stones.Count 1 "one"
                let found = Tombstones.tryFind identities (Given.peer 2) stones

                Expect.equal
                    (ValueOption.map (fun (stone: Tombstone<TestId>) -> stone.Identity) found)
                    (ValueSome newer)
                    "the last"

            testCase "at capacity the oldest gives way"
            <| fun () ->
                let capacity = Tombstones.Capacity
                let owner = Owner()

                let full =
                    Seq.fold
                        (fun stones address -> add TestId.operations owner (Given.peer address) stones)
                        (Tombstones.empty ())
                        (seq { 1 .. capacity + 3 })

                let find address =
                    Tombstones.tryFind TestId.operations (Given.peer address) full
                    |> ValueOption.map (fun (stone: Tombstone<TestId>) -> stone.Identity)

                Expect.equal full.Count capacity "no more than that"

                for address in [ 1; 2; 3 ] do
                    Expect.equal (find address) ValueNone $"{address} gave way"

                for address in [ 4; 5; capacity; capacity + 3 ] do
                    Expect.equal (find address) (ValueSome(Given.peer address)) $"{address} stands"

                // The timer of one that gave way comes when another stands in its place.
                let later = Tombstones.expire TestId.operations (Owner()) 0UL full
                Expect.equal later.Count capacity "nothing expires by it"
                let later = Tombstones.expire TestId.operations (Owner()) (uint64 capacity) full
                Expect.equal later.Count (capacity - 1) "but by its own"

            testCase "an unknown sequence number expires nothing"
            <| fun () ->
                let stones = buried [ 2; 3 ]

                for sequence in [ 2UL; 7UL; System.UInt64.MaxValue ] do
                    let after = Tombstones.expire identities (Owner()) sequence stones
                    Expect.equal after.Count 2 $"{sequence}"

                let once = Tombstones.expire identities (Owner()) 0UL stones
                let twice = Tombstones.expire identities (Owner()) 0UL once
                Expect.equal twice.Count 1 "and none expires twice"
        ]
