namespace Swim.Core

open Swim

/// The lists, made once for each type of identity.
[<AbstractClass; Sealed>]
type private AllChecks<'Id when 'Id: equality> private () =

    static let named name rule holds : Invariant<'Id> = { Name = name; Rule = rule; Holds = holds }

    static let invariants =
        [
            named "NoPeerIsOurselves" "R3.4" TableChecks.noPeerIsOurselves
            named "NoRecordAtOurAddress" "R3.4" TableChecks.noRecordAtOurAddress
            named "OneRecordPerAddress" "R1.2" TableChecks.oneRecordPerAddress
            named "ActiveCountIsTrue" "R2.1" TableChecks.activeCountIsTrue
            named "EventsMatchTable" "R3.3" TableChecks.eventsMatchTable
            named "ConnectionAgreesWithTable" "R4.1" TableChecks.connectionAgreesWithTable
            named "RecordsMoveForward" "R2.2" TableChecks.recordsMoveForward
            named "OurIncarnationOnlyGrows" "R5.2" TableChecks.ourIncarnationOnlyGrows
            named "IncarnationsWereReceived" "R2.2" TableChecks.incarnationsWereReceived
            named "DownHasNoIncarnation" "R12.8" TableChecks.downHasNoIncarnation
            named "HighestIsOfTheDeparted" "R13.2" TableChecks.highestIsOfTheDeparted
            named "RenewalsAreBounded" "R13.5" TableChecks.renewalsAreBounded
            named "RemindersAreBounded" "R13.6" TableChecks.remindersAreBounded
            named "HealthIsBounded" "R14.1" HealthChecks.healthIsBounded
            named "AccusersAreIndependent" "R14.2" HealthChecks.accusersAreIndependent
            named "QuestionsHaveATimer" "R15.2" HealthChecks.questionsHaveATimer
            named "TransmissionsAreBounded" "R8.6" PacketChecks.transmissionsAreBounded
            named "OneUpdatePerAddress" "R3.1" PacketChecks.oneUpdatePerAddress
            named "PacketsFit" "R8.6" PacketChecks.packetsFit
            named "ProbesAreOfPeers" "R7.1" PacketChecks.probesAreOfPeers
            named "OneProbeAtATime" "R12.2" PacketChecks.oneProbeAtATime
            named "AnnouncingToDownHasATimer" "R12.3" PacketChecks.announcingToDownHasATimer
            named "SpentTokensDoNothing" "R4.5" PacketChecks.spentTokensDoNothing
            named "EverySuspectHasATimer" "R12.11" TableChecks.everySuspectHasATimer
            named "EveryDownHasATimer" "R3.2" TableChecks.everyDownHasATimer
            named "TombstonesAreBounded" "R12.7" TableChecks.tombstonesAreBounded
            named "OwnDownIsNotSpread" "R12.5" PacketChecks.ownDownIsNotSpread
            named "DepartedIsSilent" "R12.6" PacketChecks.departedIsSilent
            named "TurnUndeadOnlyToDown" "R12.1" PacketChecks.turnUndeadOnlyToDown
        ]

    static let steps =
        [
            named "EventsTellEveryChange" "R3.3" EventChecks.eventsTellEveryChange
            named "UpdatesAreApplied" "R2.2" ReceiveChecks.updatesAreApplied
            named "SuspicionsAreRefuted" "R5.2" ReceiveChecks.suspicionsAreRefuted
            named "DownIsObeyed" "R5.3" ReceiveChecks.downIsObeyed
            named "TurnUndeadIsObeyed" "R5.3" ReceiveChecks.turnUndeadIsObeyed
            named "ClaimsAreAnswered" "R13.5" ReceiveChecks.claimsAreAnswered
            named "OldNamesAreCorrected" "R13.6" ReceiveChecks.oldNamesAreCorrected
            named "PacketsForOthersAreIgnored" "R9.3" ReceiveChecks.packetsForOthersAreIgnored
            named "UpdatesOfDownAreIgnored" "R9.4" ReceiveChecks.updatesOfDownAreIgnored
            named "TombstonesKeepTheForgottenOut" "R12.7" ReceiveChecks.tombstonesKeepTheForgottenOut
            named "HeadersAreCurrent" "R5.2" SendChecks.headersAreCurrent
            named "MessagesCarryWhatTheyMay" "R8.5" SendChecks.messagesCarryWhatTheyMay
            named "UpdatesHaveASource" "R3.1" SendChecks.updatesHaveASource
            named "RejoiningRenews" "R5.3" SendChecks.rejoiningRenews
            named "NoPacketGoesToOurAddress" "R9.2" SendChecks.noPacketGoesToOurAddress
            named "MessagesAreAnswered" "R8.5" SendChecks.messagesAreAnswered
            named "SuspectsAreTold" "R12.14" SendChecks.suspectsAreTold
            named "LeavingIsDisseminated" "R6.1" SendChecks.leavingIsDisseminated
            named "DownSendersAreTold" "R12.4" SendChecks.downSendersAreTold
            named "EachPeriodProbes" "R7.2" TimerChecks.eachPeriodProbes
            named "HelpersAreAsked" "R7.3" TimerChecks.helpersAreAsked
            named "OnlyAnswersAnswer" "R7.4" TimerChecks.onlyAnswersAnswer
            named "AnswersCount" "R7.4" TimerChecks.answersCount
            named "TimersAccuseWithReason" "R7.5" TimerChecks.timersAccuseWithReason
            named "FailedProbesAccuse" "R7.2" TimerChecks.failedProbesAccuse
            named "SuspicionsExpire" "R7.5" TimerChecks.suspicionsExpire
            named "TheForgottenLeaveTombstones" "R12.7" TimerChecks.theForgottenLeaveTombstones
            named "TheDownAreForgotten" "R7.6" TimerChecks.theDownAreForgotten
            named "ConfirmationsHaveACause" "R14.2" HealthChecks.confirmationsHaveACause
            named "NacksAreDue" "R14.1" HealthChecks.nacksAreDue
            named "HealthIsTold" "R14.3" HealthChecks.healthIsTold
            named "TheImpairedJudgeNoOther" "R14.4" HealthChecks.theImpairedJudgeNoOther
            named "PeriodicTimersContinue" "R8.4" TimerChecks.periodicTimersContinue
            named "PeriodicTimersBegin" "R4.2" TimerChecks.periodicTimersBegin
        ]

    static let all = invariants @ steps

    static member Invariants = invariants
    static member All = all

/// What holds after every step of every member, each stated once. An invariant is about the state of a member. A
/// step check is about one step, and states a rule a second time in another way. Unit tests, fuzzing, replays and
/// the simulator run this one list.
[<RequireQualifiedAccess>]
module Checks =

    /// The invariants.
    let invariants<'Id when 'Id: equality> : Invariant<'Id> list = AllChecks<'Id>.Invariants

    /// The invariants and the step checks.
    let all<'Id when 'Id: equality> : Invariant<'Id> list = AllChecks<'Id>.All

    // A packet that the codec refuses (R9.1) can only come from a test. The invariants hold then too, but
    // these checks do not apply.
    let private isPossible (seen: Observation<'Id>) =
        match seen.Event with
        | PacketReceived packet ->
            match packet.Header.Kind with
            | MessageKind.Announce -> packet.Updates.Count = 0 && packet.Broadcasts.Count = 0
            | MessageKind.TurnUndead ->
                packet.Broadcasts.Count = 0
                && packet.Updates.Count <= (if Observation.downIsFinal seen then 0 else 1)
            | MessageKind.Broadcast -> packet.Updates.Count = 0
            | _ -> true
        | _ -> true

    /// The names of the checks that this step breaks.
    let broken (seen: Observation<'Id>) : string list =
        let rec brokenOf (rest: Invariant<'Id> list) =
            match rest with
            | [] -> []
            | one :: others when one.Holds seen -> brokenOf others
            | one :: others -> one.Name :: brokenOf others

        brokenOf (if isPossible seen then AllChecks<'Id>.All else AllChecks<'Id>.Invariants)
