namespace Swim.Core

open Swim

/// Checks of the steps that follow a timer, and of the timers that a step schedules.
[<RequireQualifiedAccess>]
module internal TimerChecks =

    let private same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    let private timer (seen: Observation<'Id>) : Timer<'Id> voption =
        match seen.Event with
        | TimerFired timer when seen.Before.PendingReply.IsNone -> ValueSome timer
        | _ -> ValueNone

    let private schedules (seen: Observation<'Id>) (wanted: Timer<'Id> -> bool) =
        let mutable count = 0

        for index in 0 .. seen.Effects.Count - 1 do
            match seen.Effects[index] with
            | Schedule(timer, _) when wanted timer -> count <- count + 1
            | _ -> ()

        count

    let private reports (seen: Observation<'Id>) (error: SwimError) =
        seen.Effects |> Seq.exists (fun effect -> effect = Report error)

    let private packetsOf (seen: Observation<'Id>) (kind: MessageKind) : Packet<'Id> list =
        [
            for index in 0 .. seen.Effects.Count - 1 do
                match seen.Effects[index] with
                | Send packet when packet.Header.Kind = kind -> packet
                | _ -> ()
        ]

    /// R7.2: the end of a probe period sends one ping to the new target, under the next number, and schedules
    /// the timers of the cycle.
    let eachPeriodProbes (seen: Observation<'Id>) =
        match timer seen with
        | ValueSome(ProbeRandomMember token) when
            token = seen.Before.Token && seen.Before.Connection = ConnectionState.Active
            ->
            let number = seen.Before.Probe.Number + 1u

            let isCycle =
                seen.After.Probe.Number = number
                && not seen.After.Probe.Answered
                && schedules seen _.IsProbeRandomMember = 1
                && schedules seen _.IsSendIndirectProbe = 1

            match seen.After.Probe.Target, packetsOf seen MessageKind.Ping with
            | ValueSome target, [ packet ] ->
                isCycle
                && packet.Header.ProbeNumber = number
                && same seen packet.Header.Destination target.Identity
            // A header that fits no packet is reported (R11), and the cycle continues.
            | ValueSome _, [] -> isCycle && reports seen SwimError.Encode
            // A suspicion that this very probe confirmed may leave no member to probe (R14.2).
            | ValueNone, [] -> seen.After.Connection = ConnectionState.Idle
            | _ -> false
        | _ -> true

    /// R14.6: the members that may be asked to help: active ones, and only Alive ones where local health is on.
    let private helpers (seen: Observation<'Id>) (probed: 'Id) : int =
        let table = seen.Before.Members

        if seen.Rules.Config.MaxLocalHealth = 0 then
            table.ActiveCount - 1
        else
            let mutable count = 0

            for position in 0 .. table.ActiveCount - 1 do
                let record = table[position]

                if record.Status = MemberStatus.Alive && not (same seen record.Identity probed) then
                    count <- count + 1

            count

    // R14.6: among more members than this, not all are looked at.
    let private looks (seen: Observation<'Id>) = 4 * seen.Rules.Config.IndirectProbes + 16

    let private isAlive (seen: Observation<'Id>) (identity: 'Id) =
        match MemberTable.tryFind seen.Rules.Identities identity seen.Before.Members with
        | ValueSome known -> known.Status = MemberStatus.Alive
        | ValueNone -> false

    /// R7.3: a probe that times out goes to `IndirectProbes` helpers, or to all if there are fewer.
    let helpersAreAsked (seen: Observation<'Id>) =
        match timer seen, seen.Before.Probe.Target with
        | ValueSome(SendIndirectProbe(probed, token)), ValueSome target when
            token = seen.Before.Token
            && not seen.Before.Probe.Answered
            && same seen target.Identity probed
            && MemberTable.isActive seen.Rules.Identities probed seen.Before.Members
            ->
            let asked = packetsOf seen MessageKind.PingReq
            let wanted = min (helpers seen probed) seen.Rules.Config.IndirectProbes

            let isPartial =
                seen.Rules.Config.MaxLocalHealth > 0 && seen.Before.Members.ActiveCount > looks seen

            (asked.Length = wanted || (isPartial && asked.Length < wanted))
            && (seen.Rules.Config.MaxLocalHealth = 0
                || asked |> List.forall (fun packet -> isAlive seen packet.Header.Destination))
            && List.length seen.After.Probe.Helpers = asked.Length
            && seen.After.Probe.ReachedIndirect
            && asked
               |> List.forall (fun packet ->
                   packet.Header.ProbeNumber = seen.Before.Probe.Number
                   && same seen packet.Header.Named probed
                   && not (same seen packet.Header.Destination probed))
        | _ -> true

    /// R7.4, R12.10: whether the packet with this header answers the probe of `target`.
    let private isAnswer (seen: Observation<'Id>) (header: PacketHeader<'Id>) (target: MemberRecord<'Id>) =
        let probe = seen.Before.Probe

        header.ProbeNumber = probe.Number
        && match header.Kind with
           | MessageKind.Ack -> same seen header.Source target.Identity
           | MessageKind.ForwardedAck ->
               same seen header.Named target.Identity
               && probe.Helpers |> List.exists (same seen header.Source)
           | _ -> false

    /// R7.4, R12.10: a probe succeeds only by its target's Ack, or by a helper that forwards it.
    let onlyAnswersAnswer (seen: Observation<'Id>) =
        let probe = seen.Before.Probe

        let isNew =
            seen.After.Probe.Answered && not probe.Answered && seen.After.Probe.Number = probe.Number

        not isNew
        || match probe.Target, seen.Event, seen.Before.PendingReply with
           | ValueSome target, _, ValueSome header when isAnswer seen header target -> true
           | ValueSome target, PacketReceived packet, _ -> isAnswer seen packet.Header target
           | _ -> false

    /// R7.4: such an answer makes the probe succeed.
    let answersCount (seen: Observation<'Id>) =
        match ReceiveChecks.packet seen, seen.Before.Probe.Target with
        | ValueSome packet, ValueSome target when
            packet.Broadcasts.Count = 0
            && ReceiveChecks.isForUs seen packet.Header
            && ReceiveChecks.isFromActive seen packet.Header
            && seen.After.Token = seen.Before.Token
            ->
            not (isAnswer seen packet.Header target) || seen.After.Probe.Answered
        | _ -> true

    /// R7.2: whether this step may suspect that member: its probe failed.
    let private mayBeSuspected (seen: Observation<'Id>) (timer: Timer<'Id>) (record: MemberRecord<'Id>) =
        let probe = seen.Before.Probe

        match timer, probe.Target with
        | ProbeRandomMember _, ValueSome target ->
            probe.ReachedIndirect
            && not probe.Answered
            && same seen target.Identity record.Identity
            && target.Incarnation = record.Incarnation
        | _ -> false

    /// R14.2: whether the suspicion may expire now: this timer is the one that it waits for, and
    /// enough members confirmed it.
    let private isRipe (seen: Observation<'Id>) (suspect: 'Id) (confirmations: int) =
        let suspicion = Observation.suspicionOf seen seen.Before suspect

        isNull suspicion
        || (suspicion.Pending = confirmations && suspicion.Confirmations >= confirmations)

    /// R7.5, R12.1, R12.13: whether this step may declare that member Down: this very suspicion expired, or this
    /// failed probe confirmed it late (R14.2). R13.1: it is Down at the incarnation of the suspicion.
    let private mayBeDown
        (seen: Observation<'Id>)
        (timer: Timer<'Id>)
        (before: MemberRecord<'Id>)
        (after: MemberRecord<'Id>)
        =
        match timer with
        | ChangeSuspectToDown(suspect, incarnation, confirmations, token) ->
            token = seen.Before.Token
            && before.Status = MemberStatus.Suspect
            && before.Incarnation = incarnation
            && same seen suspect before.Identity
            && (Observation.downIsFinal seen || after.Incarnation = incarnation)
            && isRipe seen suspect confirmations
            && not seen.Before.Health.IsImpaired
        | ProbeRandomMember _ ->
            let suspicion = Observation.suspicionOf seen seen.Before before.Identity

            before.Status = MemberStatus.Suspect
            && not (isNull suspicion)
            && suspicion.Confirmations + 1 > suspicion.Pending
            && mayBeSuspected seen timer before
        | _ -> false

    /// A timer makes a member Suspect or Down for the reasons above only, and never Alive.
    let timersAccuseWithReason (seen: Observation<'Id>) =
        match timer seen with
        | ValueSome timer when not (obj.ReferenceEquals(seen.Before.Members, seen.After.Members)) ->
            let mutable isGood = true

            for position in 0 .. seen.After.Members.Count - 1 do
                let after = seen.After.Members[position]

                match MemberTable.tryFind seen.Rules.Identities after.Identity seen.Before.Members with
                | ValueSome before when before = after -> ()
                | ValueSome before ->
                    isGood <-
                        isGood
                        && match after.Status with
                           | MemberStatus.Suspect -> mayBeSuspected seen timer after
                           | MemberStatus.Down -> mayBeDown seen timer before after
                           | _ -> false
                | ValueNone -> isGood <- false

            isGood
        | _ -> true

    /// R7.2: the target of a failed probe is suspected.
    let failedProbesAccuse (seen: Observation<'Id>) =
        match timer seen, seen.Before.Probe.Target with
        | ValueSome(ProbeRandomMember token), ValueSome target when
            token = seen.Before.Token
            && Observation.mayJudge seen
            && seen.Before.Probe.ReachedIndirect
            && not seen.Before.Probe.Answered
            ->
            match MemberTable.tryFind seen.Rules.Identities target.Identity seen.After.Members with
            | ValueSome known when same seen known.Identity target.Identity ->
                let suspicion = { target with Status = MemberStatus.Suspect }
                not (MemberRecord.supersedes (Observation.downIsFinal seen) known suspicion)
            | _ -> true
        | _ -> true

    /// R7.5: a suspicion that expired declares the member Down.
    let suspicionsExpire (seen: Observation<'Id>) =
        match timer seen with
        | ValueSome(ChangeSuspectToDown(suspect, incarnation, confirmations, token)) when
            token = seen.Before.Token
            && Observation.mayJudge seen
            && isRipe seen suspect confirmations
            ->
            match MemberTable.tryFind seen.Rules.Identities suspect seen.After.Members with
            | ValueSome known ->
                not (
                    known.Status = MemberStatus.Suspect
                    && known.Incarnation = incarnation
                    && same seen known.Identity suspect
                )
            | ValueNone -> true
        | _ -> true

    /// R7.6, R12.7: a forgotten member leaves a tombstone.
    let theForgottenLeaveTombstones (seen: Observation<'Id>) =
        match timer seen with
        | ValueSome(RemoveDown(identity, incarnation)) when
            seen.After.Members.Count < seen.Before.Members.Count
            ->
            match Tombstones.tryFind seen.Rules.Identities identity seen.After.Tombstones with
            | ValueSome stone -> same seen stone.Identity identity && stone.Incarnation = incarnation
            | ValueNone -> false
        | _ -> true

    /// R7.6: a member whose `RemoveDownAfter` expired is forgotten.
    let theDownAreForgotten (seen: Observation<'Id>) =
        match timer seen with
        | ValueSome(RemoveDown(identity, incarnation)) ->
            match MemberTable.tryFind seen.Rules.Identities identity seen.After.Members with
            | ValueSome known ->
                known.Status <> MemberStatus.Down
                || known.Incarnation <> incarnation
                || not (same seen known.Identity identity)
            | ValueNone -> true
        | _ -> true

    /// R8.4: a periodic timer is scheduled again while its period is configured.
    let periodicTimersContinue (seen: Observation<'Id>) =
        let isCurrent token = token = seen.Before.Token && seen.Before.Connection = ConnectionState.Active

        match timer seen with
        | ValueSome(PeriodicGossip token) when isCurrent token && seen.Rules.Config.PeriodicGossip.HasValue ->
            schedules seen _.IsPeriodicGossip = 1
        | ValueSome(PeriodicAnnounce token) when
            isCurrent token && seen.Rules.Config.PeriodicAnnounce.HasValue
            ->
            schedules seen _.IsPeriodicAnnounce = 1
        | _ -> true

    /// R4.2, R12.2: periodic timers are scheduled when the member becomes Active, under its new token.
    let periodicTimersBegin (seen: Observation<'Id>) =
        let becomesActive =
            seen.After.Connection = ConnectionState.Active
            && (seen.Before.Connection <> ConnectionState.Active || seen.Before.Token <> seen.After.Token)

        let expected (setting: System.Nullable<PeriodicSetting>) = if setting.HasValue then 1 else 0

        let ofNewToken (wanted: Timer<'Id> -> uint64 voption) =
            schedules seen (fun timer -> wanted timer = ValueSome seen.After.Token)

        not becomesActive
        || (ofNewToken (function
                | PeriodicGossip token -> ValueSome token
                | _ -> ValueNone)
                =
                expected seen.Rules.Config.PeriodicGossip
            && ofNewToken (function
                | PeriodicAnnounce token -> ValueSome token
                | _ -> ValueNone)
                =
                expected seen.Rules.Config.PeriodicAnnounce)
