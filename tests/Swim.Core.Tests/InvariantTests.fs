/// The net itself: for each invariant one step that breaks it, made by hand, is caught under its name.
module Swim.Core.Tests.InvariantTests

open Expecto
open Swim
open Swim.Core

/// A step in which all is well: a core with a member of each status and a full backlog gossips.
let private sane () : Observation<TestId> =
    let core = Given.knowing [ Given.alive 2; Given.suspect 3; Given.down 4 ]
    core.Step(Given.apply [ Given.down 5 ]) |> ignore
    let before = core.State
    let struct (after, effects) = Protocol.step core.Rules before GossipNow
    core.History.Observe(GossipNow, effects)

    {
        Rules = core.Rules
        Before = before
        Event = GossipNow
        After = after
        Effects = effects
        History = core.History
    }

let private after (change: State<TestId> -> State<TestId>) (seen: Observation<TestId>) =
    { seen with After = change seen.After }

let private before (change: State<TestId> -> State<TestId>) (seen: Observation<TestId>) =
    { seen with Before = change seen.Before }

let private sends destination message (seen: Observation<TestId>) =
    let packet = Given.packet Given.me 0us (Given.peer destination) message [] []

    { seen with
        Effects = Effects<TestId>.Of(System.ReadOnlySpan [| Send packet |])
    }

/// The state with another record in its table, whether its address was known or not.
let private knowing (record: MemberRecord<TestId>) (state: State<TestId>) =
    let mutable random = state.Random
    let identities = TestId.operations
    let position = MemberTable.find identities record.Identity state.Members

    let members =
        if position < 0 then
            MemberTable.insert identities (Owner()) &random record -1 state.Members
        else
            MemberTable.replace identities (Owner()) &random position record -1 state.Members

    { state with Members = members }

let private twice (record: MemberRecord<TestId>) (state: State<TestId>) =
    let mutable random = state.Random

    { state with
        Members = MemberTable.insert TestId.operations (Owner()) &random record -1 state.Members
    }

let private waiting (record: MemberRecord<TestId>) (state: State<TestId>) =
    { state with
        Updates = Backlog.add (Owner()) record record.Identity.Address 8 10 state.Updates
    }

let private miscounted (state: State<TestId>) =
    let table = state.Members

    { state with
        Members = MemberTable(table.Rows, table.Index, table.Cursor, table.ActiveCount - 1)
    }

let private buried (state: State<TestId>) =
    { state with
        Tombstones = Tombstones.add TestId.operations (Owner()) (Given.peer 9) state.Tombstones
    }

let private departed (state: State<TestId>) = { state with HasLeft = true; Connection = ConnectionState.Defunct }

let private two = Given.peer 2

let private rawDown = { Identity = two; Incarnation = 3us; Status = MemberStatus.Down }

let private breakers: (string * (Observation<TestId> -> Observation<TestId>)) list =
    [
        "NoPeerIsOurselves", after (fun state -> { state with Identity = two })
        "NobodyElseAtOurAddress", after (fun state -> { state with Identity = Given.newer two })
        "OneRecordPerAddress", after (twice (Given.alive 2))
        "ActiveCountIsTrue", after miscounted
        "NotificationsMatchTable", fun seen -> { seen with History = History(TestId.operations) }
        "ConnectionAgreesWithTable", after (fun state -> { state with Connection = ConnectionState.Idle })
        "RecordsMoveForward", before (knowing (MemberRecord.alive two 5us))
        "OurIncarnationOnlyGrows", before (fun state -> { state with Incarnation = 3us })
        "IncarnationsWereReceived", after (knowing (MemberRecord.alive two 9us))
        "DownHasNoIncarnation", after (knowing rawDown)
        "TransmissionsAreBounded",
        fun seen -> seen |> after (fun state -> { state with Updates = seen.Before.Updates })
        "OneUpdatePerAddress", after (waiting (Given.alive 5))
        "PacketsFit",
        fun seen ->
            let config = { Given.simple with MaxPacketSize = 20 }

            { seen with Rules = { seen.Rules with Config = config } }
        "ProbesAreOfPeers", sends 4 (Ping 1u)
        "OneProbeAtATime", after (fun state -> { state with Token = 99UL })
        "AnnouncingToDownHasATimer", after (fun state -> { state with AnnouncesToDown = true })
        "SpentTokensDoNothing", fun seen -> { seen with Event = TimerFired(PeriodicGossip 99UL) }
        "EverySuspectHasATimer", after (knowing (Given.suspect 7))
        "EveryDownHasATimer", after (knowing (Given.down 7))
        "TombstonesAreBounded", after buried
        "OwnDownIsNotSpread", after (waiting (MemberRecord.down Given.me))
        "DepartedIsSilent", before departed >> after departed
        "TurnUndeadOnlyToDown", sends 2 TurnUndead
    ]

/// More ways to break one that has several.
let private otherBreakers: (string * (Observation<TestId> -> Observation<TestId>)) list =
    [
        "ConnectionAgreesWithTable", after (fun state -> { state with Members = MemberTable.empty () })
        "ConnectionAgreesWithTable", after (fun state -> { state with HasLeft = true })
        "RecordsMoveForward", after (fun state -> { state with Members = MemberTable.empty () })
        "RecordsMoveForward", before (knowing (MemberRecord.alive (Given.newer two) 0us))
        "OneProbeAtATime",
        fun seen ->
            let packet = Given.packet Given.me 0us two (Ping 1u) [] []

            { seen with
                Effects = Effects<TestId>.Of(System.ReadOnlySpan [| Send packet; Send packet |])
            }
        "ProbesAreOfPeers",
        after (fun state ->
            { state with
                Probe = { state.Probe with Target = ValueSome(MemberRecord.alive Given.me 0us) }
            })
        "TurnUndeadOnlyToDown", sends 3 TurnUndead
    ]

let tests =
    testList
        "Invariants"
        [
            testCase "a step in which all is well breaks none"
            <| fun () -> Expect.isEmpty (Checks.broken (sane ())) "none"

            testCase "each has a step here that breaks it"
            <| fun () ->
                Expect.equal
                    (breakers |> List.map fst |> List.sort)
                    (Checks.invariants<TestId> |> List.map _.Name |> List.sort)
                    "the same names"

            for name, breaks in breakers do
                testCase $"{name} is caught"
                <| fun () -> Expect.contains (Checks.broken (breaks (sane ()))) name "by its name"

            for index, (name, breaks) in List.indexed otherBreakers do
                testCase $"{name} is caught in another way ({index})"
                <| fun () -> Expect.contains (Checks.broken (breaks (sane ()))) name "by its name"

            testCase "each cites the rule that it guards"
            <| fun () ->
                for invariant in Checks.invariants<TestId> do
                    Expect.isTrue (invariant.Rule.StartsWith 'R') $"{invariant.Name}: {invariant.Rule}"
        ]
