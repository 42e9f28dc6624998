namespace Swim.Core

open System.Collections.Generic

/// One step as an observer sees it. `History` has taken the step in already.
[<NoEquality; NoComparison>]
type Observation<'Id when 'Id: equality> =
    {
        Rules: Rules<'Id>
        Before: State<'Id>
        Event: Event<'Id>
        After: State<'Id>
        Effects: Effects<'Id>
        History: History<'Id>
    }

/// Something that holds after every step of every member.
[<NoEquality; NoComparison>]
type Invariant<'Id when 'Id: equality> =
    {
        /// The name, the same in the TLA+ specification where it is stated there.
        Name: string
        /// The rule that it guards.
        Rule: string
        /// Whether it holds.
        Holds: Observation<'Id> -> bool
    }

/// The invariants of the protocol, each written once.
[<RequireQualifiedAccess>]
module Invariant =

    let private records (seen: Observation<'Id>) = State.allMembers seen.After

    let private packets (seen: Observation<'Id>) =
        seen.Effects
        |> Seq.choose (function
            | Send packet -> Some packet
            | _ -> None)

    let private same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    /// No record is about our own identity.
    let noPeerIsOurselves (seen: Observation<'Id>) =
        records seen
        |> Seq.forall (fun record -> not (same seen record.Identity seen.After.Identity))

    /// Nobody else is active at our address (R3.4).
    let nobodyElseAtOurAddress (seen: Observation<'Id>) =
        State.activeMembers seen.After
        |> Seq.forall (fun record ->
            not (seen.Rules.Identities.SameAddress(record.Identity, seen.After.Identity)))

    /// The table finds each record at its own position, so no address has two.
    let oneRecordPerAddress (seen: Observation<'Id>) =
        let table = seen.After.Members

        Seq.forall
            (fun position -> MemberTable.find seen.Rules.Identities table[position].Identity table = position)
            (seq { 0 .. table.Count - 1 })

    /// The active records are exactly the first `ActiveCount`.
    let activeCountIsTrue (seen: Observation<'Id>) =
        let table = seen.After.Members

        table.Cursor <= table.ActiveCount
        && Seq.forall
            (fun position -> Member.isActive table[position] = (position < table.ActiveCount))
            (seq { 0 .. table.Count - 1 })

    /// Up and Down are notified in turn, and who is notified as up is who is active.
    let notificationsMatchTable (seen: Observation<'Id>) =
        seen.History.NotifiedInTurn
        && seen.History.UpCount = seen.After.Members.ActiveCount
        && State.activeMembers seen.After
           |> Seq.forall (fun record -> seen.History.IsUp record.Identity)

    /// Idle and Active follow from the table; Defunct is the only other state.
    let connectionAgreesWithTable (seen: Observation<'Id>) =
        match seen.After.Connection with
        | Connection.Active -> seen.After.Members.ActiveCount > 0 && not seen.After.HasLeft
        | Connection.Idle -> seen.After.Members.ActiveCount = 0 && not seen.After.HasLeft
        | _ -> true

    /// A record is replaced only by one that supersedes it or whose identity wins; it disappears
    /// only when a Down one is forgotten or we take its identity, or one that replaced it.
    let recordsMoveForward (seen: Observation<'Id>) =
        let identities = seen.Rules.Identities

        State.allMembers seen.Before
        |> Seq.forall (fun before ->
            match MemberTable.tryFind identities before.Identity seen.After.Members with
            | ValueSome after when same seen before.Identity after.Identity ->
                after = before || Member.supersedes before after
            | ValueSome after -> not (identities.WinsAddressConflict(before.Identity, after.Identity))
            | ValueNone ->
                (not (same seen seen.Before.Identity seen.After.Identity)
                 && identities.SameAddress(before.Identity, seen.After.Identity))
                || (before.Status = Status.Down
                    && match seen.Event with
                       | TimerFired(RemoveDown _) -> true
                       | _ -> false))

    /// Our incarnation never falls while we keep our identity, save that a caller reuses it.
    let ourIncarnationOnlyGrows (seen: Observation<'Id>) =
        let reused =
            match seen.Event with
            | ReuseDownIdentity -> true
            | _ -> false

        reused
        || not (same seen seen.Before.Identity seen.After.Identity)
        || seen.After.Incarnation >= seen.Before.Incarnation

    /// We believe nobody to be further than anybody said.
    let incarnationsWereReceived (seen: Observation<'Id>) =
        records seen
        |> Seq.forall (fun record ->
            record.Incarnation = 0us
            || match seen.History.HighestReceived record.Identity with
               | ValueSome highest -> record.Incarnation <= highest
               | ValueNone -> false)

    /// Every Down record is the same to everyone (R12.8).
    let downHasNoIncarnation (seen: Observation<'Id>) =
        records seen
        |> Seq.forall (fun record -> record.Status <> Status.Down || record.Incarnation = 0us)

    /// The message that this packet is: one whose updates come out of the backlog.
    let private drawsOnBacklog (seen: Observation<'Id>) (packet: Packet<'Id>) =
        Message.carriesBacklog packet.Header.Message && not seen.Before.HasLeft

    /// A packet that carries an update uses up one of its transmissions, and no update ever has more
    /// than `MaxTransmissions`. The record that leads a ping (R12.14) may be beside the backlog.
    let transmissionsAreBounded (seen: Observation<'Id>) =
        let valueOf (table: Dictionary<Member<'Id>, int>) record =
            match table.TryGetValue record with
            | true, value -> value
            | _ -> 0

        let left = Dictionary<Member<'Id>, int>()
        let spent = Dictionary<Member<'Id>, int>()
        let before = Dictionary<Member<'Id>, int>()
        let beside = Dictionary<Member<'Id>, int>()

        for struct (record, transmissions) in State.updatesBacklog seen.Before do
            before[record] <- transmissions

        for struct (record, transmissions) in State.updatesBacklog seen.After do
            left[record] <- transmissions

        let isPing (packet: Packet<'Id>) =
            match packet.Header.Message with
            | Ping _
            | IndirectPing _ -> true
            | _ -> false

        for packet in packets seen do
            if drawsOnBacklog seen packet then
                for record in packet.Updates do
                    spent[record] <- valueOf spent record + 1

                    let mayBeBeside =
                        isPing packet
                        && record.Status = Status.Suspect
                        && same seen record.Identity packet.Header.Destination

                    if mayBeBeside then
                        beside[record] <- valueOf beside record + 1

        let budget = seen.Rules.Config.MaxTransmissions

        // Only a step that changes a record or our identity gives an update a fresh budget, our own Down
        // twice at most, and what was left of the old one may have been used before that.
        let mayRefresh =
            not (obj.ReferenceEquals(seen.Before.Members, seen.After.Members))
            || seen.Before.HasLeft <> seen.After.HasLeft
            || not (same seen seen.Before.Identity seen.After.Identity)

        Seq.forall (fun transmissions -> transmissions >= 1) left.Values
        && spent
           |> Seq.forall (fun entry ->
               let most = entry.Value + valueOf left entry.Key
               let least = most - valueOf beside entry.Key
               let allowed = valueOf before entry.Key

               (least <= allowed && allowed <= most) || (mayRefresh && least <= allowed + 2 * budget))

    /// One update per address waits, and no more than that.
    let oneUpdatePerAddress (seen: Observation<'Id>) =
        let hash (record: Member<'Id>) = seen.Rules.Identities.AddressHash record.Identity

        State.updatesBacklog seen.After
        |> Seq.map (fun struct (record, _) -> record)
        |> Seq.groupBy hash
        |> Seq.forall (fun (_, group) ->
            let group = List.ofSeq group

            List.allPairs group group
            |> List.forall (fun (left, right) ->
                left = right || not (seen.Rules.Identities.SameAddress(left.Identity, right.Identity))))

    /// Every packet fits.
    let packetsFit (seen: Observation<'Id>) =
        packets seen
        |> Seq.forall (fun packet -> Packet.size seen.Rules packet <= seen.Rules.Config.MaxPacketSize)

    /// We never ping ourselves or a Down member, and the probe is of somebody else.
    let probesAreOfPeers (seen: Observation<'Id>) =
        let pingsPeer (packet: Packet<'Id>) =
            match packet.Header.Message with
            | Ping _ ->
                MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members
            | _ -> true

        let targetsPeer =
            match seen.After.Probe.Target with
            | ValueSome target -> not (same seen target.Identity seen.After.Identity)
            | ValueNone -> true

        targetsPeer && Seq.forall pingsPeer (packets seen)

    /// At most one probe is under way, and its cycle runs exactly while somebody is there to be
    /// probed (R12.2).
    let oneProbeAtATime (seen: Observation<'Id>) =
        let expected = if seen.After.Connection = Connection.Active then 1 else 0

        seen.History.ProbeTimers seen.After.Token = expected
        && (packets seen
            |> Seq.filter (fun packet ->
                match packet.Header.Message with
                | Ping _ -> true
                | _ -> false)
            |> Seq.length)
           <= 1

    /// The timer of announcing to Down members is out when it is said to be (R12.3).
    let announcingToDownHasATimer (seen: Observation<'Id>) =
        let expected = if seen.After.AnnouncesToDown then 1 else 0
        seen.History.AnnounceDownTimers seen.After.Token = expected

    let private tokenOf (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token
        | SendIndirectProbe(_, token)
        | ChangeSuspectToDown(_, _, token)
        | PeriodicAnnounce token
        | PeriodicAnnounceDown token
        | PeriodicGossip token -> ValueSome token
        | RemoveDown _
        | RemoveTombstone _ -> ValueNone

    let private changesNothing (seen: Observation<'Id>) =
        obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
        && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
        && same seen seen.Before.Identity seen.After.Identity
        && seen.Before.Incarnation = seen.After.Incarnation
        && seen.Before.Connection = seen.After.Connection
        && seen.Before.Token = seen.After.Token
        && seen.Before.Probe.Number = seen.After.Probe.Number
        && seen.Before.Probe.Answered = seen.After.Probe.Answered
        && seen.Before.Probe.ReachedIndirect = seen.After.Probe.ReachedIndirect

    /// A timer with an old token changes nothing and sends nothing (R4.5); a suspicion that still
    /// stands only sets its timer again.
    let spentTokensDoNothing (seen: Observation<'Id>) =
        match seen.Event with
        | TimerFired timer when seen.Before.PendingReply.IsNone ->
            match tokenOf timer with
            | ValueSome token when token <> seen.Before.Token ->
                changesNothing seen
                && seen.Effects
                   |> Seq.forall (function
                       | Schedule(ChangeSuspectToDown _, _) -> true
                       | _ -> false)
            | _ -> true
        | _ -> true

    /// Every suspicion comes to an end: by refutation, or by its timer (R12.11).
    let everySuspectHasATimer (seen: Observation<'Id>) =
        records seen
        |> Seq.forall (fun record ->
            record.Status <> Status.Suspect
            || seen.History.HasSuspicionTimer(record.Identity, record.Incarnation))

    /// Every Down member is forgotten some time (R3.2).
    let everyDownHasATimer (seen: Observation<'Id>) =
        records seen
        |> Seq.forall (fun record ->
            record.Status <> Status.Down || seen.History.HasRemovalTimer record.Identity)

    /// Tombstones are bounded in number and age, and stand for nobody who is known (R12.7).
    let tombstonesAreBounded (seen: Observation<'Id>) =
        let ring = seen.After.Tombstones.Ring
        let stones = Seq.init ring.Count (fun slot -> ring[slot]) |> Seq.filter _.Standing

        ring.Count <= Tombstones.Capacity
        && Seq.length stones = seen.After.Tombstones.Count
        && stones
           |> Seq.forall (fun stone ->
               seen.History.HasTombstoneTimer stone.Sequence
               && MemberTable.find seen.Rules.Identities stone.Identity seen.After.Members < 0)

    /// A member that takes part does not spread its own Down (R12.5).
    let ownDownIsNotSpread (seen: Observation<'Id>) =
        seen.After.Connection = Connection.Defunct
        || State.updatesBacklog seen.After
           |> Seq.forall (fun struct (record, _) -> not (same seen record.Identity seen.After.Identity))

    /// A member that left sends its own Down to those who ask, and nothing else (R12.6).
    let departedIsSilent (seen: Observation<'Id>) =
        not (seen.Before.HasLeft && seen.After.HasLeft)
        || packets seen
           |> Seq.forall (fun packet ->
               packet.Broadcasts.Count = 0
               && Seq.toList packet.Updates = [ Member.down seen.After.Identity ])

    /// Whoever is told TurnUndead is not active here (R12.1).
    let turnUndeadOnlyToDown (seen: Observation<'Id>) =
        packets seen
        |> Seq.forall (fun packet ->
            packet.Header.Message <> TurnUndead
            || not (MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members))

    let private named name rule holds = { Name = name; Rule = rule; Holds = holds }

    /// All of them.
    let all<'Id when 'Id: equality> : Invariant<'Id> list =
        [
            named "NoPeerIsOurselves" "R3.4" noPeerIsOurselves
            named "NobodyElseAtOurAddress" "R3.4" nobodyElseAtOurAddress
            named "OneRecordPerAddress" "R1.2" oneRecordPerAddress
            named "ActiveCountIsTrue" "R2.1" activeCountIsTrue
            named "NotificationsMatchTable" "R3.3" notificationsMatchTable
            named "ConnectionAgreesWithTable" "R4.1" connectionAgreesWithTable
            named "RecordsMoveForward" "R2.2" recordsMoveForward
            named "OurIncarnationOnlyGrows" "R5.2" ourIncarnationOnlyGrows
            named "IncarnationsWereReceived" "R2.2" incarnationsWereReceived
            named "DownHasNoIncarnation" "R12.8" downHasNoIncarnation
            named "TransmissionsAreBounded" "R8.6" transmissionsAreBounded
            named "OneUpdatePerAddress" "R3.1" oneUpdatePerAddress
            named "PacketsFit" "R8.6" packetsFit
            named "ProbesAreOfPeers" "R7.1" probesAreOfPeers
            named "OneProbeAtATime" "R12.2" oneProbeAtATime
            named "AnnouncingToDownHasATimer" "R12.3" announcingToDownHasATimer
            named "SpentTokensDoNothing" "R4.5" spentTokensDoNothing
            named "EverySuspectHasATimer" "R12.11" everySuspectHasATimer
            named "EveryDownHasATimer" "R3.2" everyDownHasATimer
            named "TombstonesAreBounded" "R12.7" tombstonesAreBounded
            named "OwnDownIsNotSpread" "R12.5" ownDownIsNotSpread
            named "DepartedIsSilent" "R12.6" departedIsSilent
            named "TurnUndeadOnlyToDown" "R12.1" turnUndeadOnlyToDown
        ]

    /// The names of the invariants that this step breaks; none if all is well.
    let broken (seen: Observation<'Id>) : string list =
        all |> List.filter (fun one -> not (one.Holds seen)) |> List.map _.Name
