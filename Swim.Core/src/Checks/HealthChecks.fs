namespace Swim.Core

open Swim

/// Checks of local health (R14.1, R14.4), of suspicions and their accusers (R14.2), and of questions to Down members
/// (R15.2).
[<RequireQualifiedAccess>]
module internal HealthChecks =

    /// R14.1: local health is within its bounds, and every ping for another member has a timer.
    let healthIsBounded (seen: Observation<'Id>) =
        let health = seen.After.Health

        health.Score >= 0
        && health.Score <= max seen.Rules.Config.MaxLocalHealth seen.Before.Health.Score
        && List.length health.Helped <= LocalHealth.MaxHelped
        && health.Helped
           |> List.forall (fun helped -> seen.History.HasNackTimer(helped.Origin, helped.Number))

    /// R14.2: no suspicion counts an accuser twice, the suspect, or more accusers than can shorten it.
    let accusersAreIndependent (seen: Observation<'Id>) =
        let isAccuser identity (other: 'Id) = Observation.same seen identity other

        let areDistinct (accusers: 'Id list) =
            accusers
            |> List.forall (fun one -> accusers |> List.filter (isAccuser one) |> List.length = 1)

        Observation.forAll 0 seen.After.Members.Count (fun position ->
            let row = &seen.After.Members.Rows.Reference position
            let suspicion = row.Suspicion

            // A suspicion from before confirmations were switched on (R10.2) remembers nothing.
            if isNull suspicion then
                true
            else
                let identity = row.Identity

                row.Status = MemberStatus.Suspect
                && suspicion.Confirmations <= suspicion.Wanted
                && suspicion.Pending >= 0
                && suspicion.Pending <= suspicion.Wanted
                && areDistinct suspicion.Accusers
                && (suspicion.Confirmations = 0
                    || not (
                        suspicion.Accusers
                        |> List.truncate suspicion.Confirmations
                        |> List.exists (fun one -> seen.Rules.Identities.SameAddress(one, identity))
                    )))

    /// R14.2: a suspicion gains at most one accuser by each record, and not by a step that brings none.
    let confirmationsHaveACause (seen: Observation<'Id>) =
        let brought =
            match seen.Event with
            | PacketReceived packet -> packet.Updates.Count
            | ApplyMany(updates, _) -> updates.Count
            | TimerFired(ProbeRandomMember _) -> 1
            | _ -> 0

        obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
        || Observation.forAll 0 seen.Before.Members.ActiveCount (fun position ->
            let row = &seen.Before.Members.Rows.Reference position

            if isNull row.Suspicion then
                true
            else
                let after = Observation.suspicionOf seen seen.After row.Identity

                isNull after
                || after.Confirmations <= row.Suspicion.Confirmations + brought
                || not (obj.ReferenceEquals(after.First, row.Suspicion.First)))

    /// R14.1: a Nack goes out only for a ping that another member asked for, and that was not answered in time.
    let nacksAreDue (seen: Observation<'Id>) =
        // A ping that waited for the broadcast handler is sent in the same step.
        seen.Before.PendingReply.IsSome
        || Observation.forAllPackets seen (fun packet ->
            packet.Header.Kind <> MessageKind.Nack
            || match seen.Event with
               | TimerFired(SendNack(origin, number)) ->
                   packet.Header.ProbeNumber = number
                   && Observation.same seen packet.Header.Destination origin
                   && seen.Before.Health.Helped
                      |> List.exists (fun helped ->
                          helped.Number = number && Observation.same seen helped.Origin origin)
               | _ -> false)

    /// R14.3: only an Ack and a Nack tell local health, and they tell the true one.
    let healthIsTold (seen: Observation<'Id>) =
        Observation.forAllPackets seen (fun packet ->
            if packet.Header.HasHealth then
                int packet.Header.Health = seen.Before.Health.Score
                || int packet.Header.Health = seen.After.Health.Score
            else
                packet.Header.Health = 0uy)

    /// R14.4: while its host runs late, a member judges no other by its own timers.
    let theImpairedJudgeNoOther (seen: Observation<'Id>) =
        match seen.Event with
        | TimerFired(ChangeSuspectToDown _)
        | TimerFired(ProbeRandomMember _) when seen.Before.Health.IsImpaired ->
            Observation.forAll 0 seen.Effects.Count (fun index ->
                match seen.Effects[index] with
                | Notify event ->
                    event.Kind <> SwimEventKind.MemberDown && event.Kind <> SwimEventKind.MemberSuspected
                | _ -> true)
        | _ -> true

    /// R15.2: the timer that asks Down members is pending exactly if the state says so.
    let questionsHaveATimer (seen: Observation<'Id>) =
        let questions = seen.After.DownQuestions
        not questions.IsPending || seen.History.HasQuestionTimer questions.Sequence
