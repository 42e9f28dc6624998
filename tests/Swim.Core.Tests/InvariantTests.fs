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

let private changed (change: State<TestId> -> unit) (state: State<TestId>) =
    let copy = state.Copy()
    change copy
    copy

let private after (change: State<TestId> -> unit) (seen: Observation<TestId>) =
    { seen with After = changed change seen.After }

let private before (change: State<TestId> -> unit) (seen: Observation<TestId>) =
    { seen with Before = changed change seen.Before }

let private sends destination message (seen: Observation<TestId>) =
    let packet = Given.packet Given.me 0us (Given.peer destination) message [] []

    { seen with
        Effects = Effects<TestId>.Of(System.ReadOnlySpan [| Send packet |])
    }

/// Puts a record into the table, whether its address was known or not.
let private knowing (record: MemberRecord<TestId>) (state: State<TestId>) =
    let mutable random = state.Random
    let identities = TestId.operations
    let position = MemberTable.find identities record.Identity state.Members
    let row = Row.create record -1 null

    state.Members <-
        if position < 0 then
            MemberTable.insert identities (Owner()) &random row state.Members
        else
            MemberTable.replace identities (Owner()) &random position row state.Members

let private twice (record: MemberRecord<TestId>) (state: State<TestId>) =
    let mutable random = state.Random

    let row = Row.create record -1 null
    state.Members <- MemberTable.insert TestId.operations (Owner()) &random row state.Members

let private waiting (record: MemberRecord<TestId>) (state: State<TestId>) =
    state.Updates <- Backlog.add (Owner()) record record.Identity.Address 8 10 state.Updates

let private miscounted (state: State<TestId>) =
    let table = state.Members

    state.Members <- MemberTable(Owner(), table.Rows, table.Index, table.Cursor, table.ActiveCount - 1)

let private buried (state: State<TestId>) =
    state.Tombstones <- Tombstones.add TestId.operations (Owner()) (Given.down 9) state.Tombstones

let private departed (state: State<TestId>) =
    state.HasLeft <- true
    state.Connection <- ConnectionState.Defunct

let private refutable (seen: Observation<TestId>) =
    { seen with Rules = { seen.Rules with Config = Given.refutable } }

let private careful (seen: Observation<TestId>) =
    { seen with
        Rules = { seen.Rules with Config = Given.careful seen.Rules.Config }
    }

/// A suspicion of the member at address 3 that these members confirmed.
let private confirmedBy (accusers: TestId list) (state: State<TestId>) =
    let position = MemberTable.find TestId.operations (Given.peer 3) state.Members

    let second = System.TimeSpan.FromSeconds 1.0

    let suspicion = Suspicion(null, accusers, 3, 3, second, 6.0 * second)

    let row = { state.Members.Rows[position] with Suspicion = suspicion }
    state.Members <- MemberTable.setRow (Owner()) position row state.Members

let private two = Given.peer 2

let private rawDown = MemberRecord.down two 3us

let private breakers: (string * (Observation<TestId> -> Observation<TestId>)) list =
    [
        "NoPeerIsOurselves", after (fun state -> state.Identity <- two)
        "NoRecordAtOurAddress", after (fun state -> state.Identity <- Given.newer two)
        "OneRecordPerAddress", after (twice (Given.alive 2))
        "ActiveCountIsTrue", after miscounted
        "EventsMatchTable", fun seen -> { seen with History = History(TestId.operations) }
        "ConnectionAgreesWithTable", after (fun state -> state.Connection <- ConnectionState.Idle)
        "RecordsMoveForward", before (knowing (MemberRecord.alive two 5us))
        "OurIncarnationOnlyGrows", before (fun state -> state.Incarnation <- 3us)
        "IncarnationsWereReceived", after (knowing (MemberRecord.alive two 9us))
        "DownHasNoIncarnation", after (knowing rawDown)
        "HighestIsOfTheDeparted", refutable >> after (fun state -> state.Incarnation <- MemberRecord.Highest)
        "RenewalsAreBounded", after (fun state -> state.Claims <- { state.Claims with Renewals = 1 })
        "RemindersAreBounded", after (fun state -> state.Claims <- { state.Claims with Reminded = [ two ] })
        "TransmissionsAreBounded",
        fun seen -> seen |> after (fun state -> state.Updates <- seen.Before.Updates)
        "OneUpdatePerAddress", after (waiting (Given.alive 5))
        "PacketsFit",
        fun seen ->
            let config = { Given.simple with MaxPacketSize = 20 }

            { seen with Rules = { seen.Rules with Config = config } }
        "ProbesAreOfPeers", sends 4 (Message.ping 1u)
        "OneProbeAtATime", after (fun state -> state.Token <- 99UL)
        "AnnouncingToDownHasATimer", after (fun state -> state.AnnouncesToDown <- true)
        "SpentTokensDoNothing", fun seen -> { seen with Event = TimerFired(PeriodicGossip 99UL) }
        "EverySuspectHasATimer", after (knowing (Given.suspect 7))
        "EveryDownHasATimer", after (knowing (Given.down 7))
        "TombstonesAreBounded", after buried
        "OwnDownIsNotSpread", after (waiting (MemberRecord.down Given.me 0us))
        "DepartedIsSilent", before departed >> after departed
        "TurnUndeadOnlyToDown", sends 2 Message.turnUndead
        "HealthIsBounded", careful >> after (fun state -> state.Health <- { state.Health with Score = 8 })
        "AccusersAreIndependent", careful >> after (confirmedBy [ two; Given.peer 5; two ])
        "QuestionsHaveATimer",
        after (fun state -> state.DownQuestions <- { state.DownQuestions with IsPending = true })
    ]

/// More ways to break one that has several.
let private otherBreakers: (string * (Observation<TestId> -> Observation<TestId>)) list =
    [
        "HealthIsBounded",
        after (fun state ->
            let helped = { Origin = two; Target = Given.peer 3; Number = 1u }
            state.Health <- { state.Health with Helped = [ helped ] })
        "AccusersAreIndependent", careful >> after (confirmedBy [ Given.peer 3 ])
        "ConnectionAgreesWithTable", after (fun state -> state.Members <- MemberTable.empty ())
        "ConnectionAgreesWithTable", after (fun state -> state.HasLeft <- true)
        "HighestIsOfTheDeparted", refutable >> after (knowing (MemberRecord.alive two MemberRecord.Highest))
        "RenewalsAreBounded", after (fun state -> state.Claims <- { state.Claims with Renewals = 4 })
        "RemindersAreBounded",
        after (fun state -> state.Claims <- { state.Claims with Reminded = List.replicate 17 two })
        "RecordsMoveForward", after (fun state -> state.Members <- MemberTable.empty ())
        "RecordsMoveForward", before (knowing (MemberRecord.alive (Given.newer two) 0us))
        "OneProbeAtATime",
        fun seen ->
            let packet = Given.packet Given.me 0us two (Message.ping 1u) [] []

            { seen with
                Effects = Effects<TestId>.Of(System.ReadOnlySpan [| Send packet; Send packet |])
            }
        "ProbesAreOfPeers",
        after (fun state ->
            state.Probe <- { state.Probe with Target = ValueSome(MemberRecord.alive Given.me 0us) })
        "TurnUndeadOnlyToDown", sends 3 Message.turnUndead
    ]

let private telling (events: SwimEvent<TestId> list) (seen: Observation<TestId>) =
    { seen with
        Effects = Effects<TestId>.Of(System.ReadOnlySpan(Array.ofList (List.map Notify events)))
    }

/// Steps that change the record of the member at address 2, or tell of it, and break R3.3.
let private untrueEvents: (string * (Observation<TestId> -> Observation<TestId>)) list =
    let alive incarnation = MemberRecord.alive two incarnation
    let suspicion = MemberRecord.suspect two 0us
    let changed before after = Given.changed true before after ChangeCause.Gossip
    let renewed = MemberRecord.alive (Given.newer two) 0us

    let removed (state: State<TestId>) =
        let position = MemberTable.find TestId.operations two state.Members
        state.Members <- MemberTable.remove TestId.operations (Owner()) position state.Members

    [
        "a change without an event", after (knowing suspicion)
        "a new record without an event", after (knowing (Given.alive 7))
        "a record that vanished without an event", after removed
        "an event without a change", telling [ changed (alive 0us) suspicion ]
        "an event from a record to the same", telling [ changed (alive 0us) (alive 0us) ]
        "an event that begins with another record",
        after (knowing suspicion) >> telling [ changed (alive 1us) suspicion ]
        "an event that ends with another record",
        after (knowing suspicion)
        >> telling [ changed (alive 0us) (MemberRecord.suspect two 1us) ]
        "an event about a record that there was, as if there was none",
        after (knowing suspicion) >> telling [ SwimEvent.added suspicion ChangeCause.Gossip ]
        "an event about a record that there was not",
        after (knowing (Given.down 7)) >> telling [ changed (Given.alive 7) (Given.down 7) ]
        "an event that a record was dropped, which is there",
        telling [ SwimEvent.removed (alive 0us) ChangeCause.IdentityChange ]
        "two events that do not follow from each other",
        after (knowing (alive 1us))
        >> telling [ changed (alive 0us) suspicion; changed (alive 0us) (alive 1us) ]
        "the same event twice",
        after (knowing suspicion)
        >> telling [ changed (alive 0us) suspicion; changed (alive 0us) suspicion ]
        "an event of another kind",
        after (knowing suspicion)
        >> telling [ { changed (alive 0us) suspicion with Kind = SwimEventKind.MemberUpdated } ]
        "a renaming that is told as an update",
        after (knowing renewed)
        >> telling [ { changed (alive 0us) renewed with Kind = SwimEventKind.MemberUpdated } ]
    ]

let private eventTests =
    [
        testCase "events that follow from each other and tell every change break no check"
        <| fun () ->
            let suspicion = MemberRecord.suspect two 0us
            let renewed = MemberRecord.alive (Given.newer two) 0us

            let events =
                [
                    Given.changed true (Given.alive 2) suspicion ChangeCause.Gossip
                    Given.changed false suspicion renewed ChangeCause.Gossip
                ]

            let seen = sane () |> after (knowing renewed) |> telling events
            Expect.isFalse (List.contains "EventsTellEveryChange" (Checks.broken seen)) "all is told"

        for name, breaks in untrueEvents do
            testCase $"EventsTellEveryChange is broken by {name}"
            <| fun () ->
                Expect.contains (Checks.broken (breaks (sane ()))) "EventsTellEveryChange" "by its name"
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

            yield! eventTests

            testCase "each cites the rule that it guards"
            <| fun () ->
                for invariant in Checks.all<TestId> do
                    Expect.isTrue (invariant.Rule.StartsWith 'R') $"{invariant.Name}: {invariant.Rule}"
        ]
