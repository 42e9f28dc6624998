/// The table of members, against a plain map from address to record.
module Swim.Core.Tests.MemberTableTests

open Expecto
open Swim
open Swim.Core

let private identities = TestId.colliding

/// A table, the map that it should be, and which members were probed since the pass began. A step, which owns the
/// table and changes it in place, takes so many operations.
type private Run(randomSeed: uint64, operationsPerStep: int) =
    let mutable random = RandomGenerator.create randomSeed
    let mutable table = MemberTable.empty<TestId>()
    let mutable model: Map<int, MemberRecord<TestId>> = Map.empty
    let mutable probed: Set<int> = Set.empty
    let versions = ResizeArray()
    let mutable owner = Owner()
    let mutable operations = 0

    /// The step that takes the next operation. Each step begins with a version that stays as it is.
    let step () =
        if operations % operationsPerStep = 0 then
            versions.Add(struct (table, Digest.ofTable table))
            owner <- Owner()

        operations <- operations + 1
        owner

    new(randomSeed) = Run(randomSeed, 1)

    member _.Table = table
    member _.Model = model
    member _.Versions: seq<struct (MemberTable<TestId> * _)> = versions

    /// Inserts or replaces.
    member _.Put(record: MemberRecord<TestId>) =
        let address = record.Identity.Address
        let position = MemberTable.find identities record.Identity table
        let owner = step ()

        let wasActive =
            Map.tryFind address model |> Option.exists (fun known -> MemberRecord.isActive known)

        if not (wasActive && MemberRecord.isActive record) then
            // It takes a new place, maybe before those that were probed.
            probed <- Set.remove address probed

        table <-
            if position < 0 then
                MemberTable.insert identities owner &random (Row.create record -1 null) table
            else
                MemberTable.replace identities owner &random position (Row.create record -1 null) table

        model <- Map.add address record model

    member _.Remove(address: int) =
        let position = MemberTable.find identities (Given.peer address) table

        if position >= 0 then
            table <- MemberTable.remove identities (step ()) position table

        model <- Map.remove address model
        probed <- Set.remove address probed

    member _.Probe() : int =
        let owner = step ()

        if table.Cursor >= table.ActiveCount then
            probed <- Set.empty

        let struct (after, position) = MemberTable.next identities owner &random table

        table <- after
        let record = after[position]
        Expect.isTrue (MemberRecord.isActive record) "only active members are probed"
        Expect.isFalse (probed.Contains record.Identity.Address) "no member twice in a pass"
        probed <- probed.Add record.Identity.Address
        record.Identity.Address

    member _.Check() =
        let records =
            List.init table.Count (fun position -> table[position].Identity.Address, table[position])

        Expect.equal (Map.ofList records) model "the same records"
        Expect.equal records.Length model.Count "each once"

        let active =
            model
            |> Map.toList
            |> List.filter (fun (_, one) -> MemberRecord.isActive one)
            |> List.length

        Expect.equal table.ActiveCount active "active"

        for position in 0 .. table.Count - 1 do
            let record = table[position]
            Expect.equal (MemberRecord.isActive record) (position < active) "the active ones come first"
            Expect.equal (MemberTable.find identities record.Identity table) position "found"

let private perform (run: Run) (kind: byte, address: byte, status: byte) =
    let address = 2 + int address % 12

    match kind % 8uy with
    | 0uy -> run.Remove address
    | 1uy
    | 2uy
    | 3uy ->
        if run.Table.ActiveCount > 0 then
            run.Probe() |> ignore
    | _ ->
        let status = LanguagePrimitives.EnumOfValue(status % 3uy)
        run.Put(MemberRecord.create (Given.peer address) 0us status)

/// A run with so many active members and as many Down ones.
let private settled randomSeed count =
    let run = Run(randomSeed)

    for address in 2 .. count + 1 do
        run.Put(Given.alive address)
        run.Put(Given.down (1000 + address))

    run

let tests =
    testList
        "MemberTable"
        [
            testPropertyWithConfig
                { FsCheckConfig.defaultConfig with maxTest = 200; endSize = 150 }
                "is a map, and a pass never probes a member twice"
            <| fun (randomSeed: uint64) (operationsPerStep: byte) (operations: (byte * byte * byte) list) ->
                let run = Run(randomSeed, 1 + int operationsPerStep % 5)

                for operation in operations do
                    perform run operation
                    run.Check()

                for struct (version, before) in run.Versions do
                    Expect.equal (Digest.ofTable version) before "old versions stay as they were"

            testCase "a pass probes each active member exactly once"
            <| fun () ->
                for count in [ 1; 2; 3; 10; 40 ] do
                    let run = settled (uint64 count) count
                    let probed = List.init (3 * count) (fun _ -> run.Probe())

                    for pass in List.chunkBySize count probed do
                        Expect.equal (List.sort pass) [ 2 .. count + 1 ] $"of {count}"

            testCase "no member waits for more than 2n - 1 periods"
            <| fun () ->
                for count in [ 1; 2; 5; 12 ] do
                    let run = settled 4UL count
                    let probed = Array.init (200 * count) (fun _ -> run.Probe())

                    for window in Array.windowed (2 * count - 1) probed do
                        Expect.equal (Array.distinct window).Length count $"all {count} in a window"

            testCase "each order of a pass is as likely as any other"
            <| fun () ->
                let order randomSeed =
                    let run = settled randomSeed 3
                    run.Probe(), run.Probe(), run.Probe()

                let counts = [ 1UL .. 1200UL ] |> List.countBy order
                Expect.equal counts.Length 6 "all six orders"

                // 200 are expected of each; 5 standard deviations are 65.
                for order, count in counts do
                    Expect.isTrue (abs (count - 200) < 65) $"{order}: {count} of 1200"

            testCase "a member that comes while a pass is under way does not disturb it"
            <| fun () ->
                let run = settled 8UL 6
                let before = List.init 3 (fun _ -> run.Probe())
                run.Put(Given.alive 50)
                run.Remove before.Head
                let left = run.Table.ActiveCount - run.Table.Cursor
                let rest = List.init left (fun _ -> run.Probe())
                let others = List.except [ before.Head; 50 ] [ 2..7 ]

                Expect.equal
                    (List.sort (before.Tail @ List.except [ 50 ] rest))
                    others
                    "the others are still probed once"

            testCase "an empty table knows no member"
            <| fun () ->
                let table = MemberTable.empty ()
                Expect.equal (MemberTable.tryFind identities Given.me table) ValueNone "no record"
                Expect.isFalse (MemberTable.isActive identities Given.me table) "nor active"

            testCase "active means exactly this identity"
            <| fun () ->
                let run = Run(1UL)
                run.Put(Given.alive 2)
                Expect.isTrue (MemberTable.isActive identities (Given.peer 2) run.Table) "the same"
                let newer = Given.newer (Given.peer 2)
                Expect.isFalse (MemberTable.isActive identities newer run.Table) "not another"
        ]
