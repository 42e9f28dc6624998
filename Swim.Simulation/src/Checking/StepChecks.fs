namespace Swim.Simulation

open Swim.Core

/// Made once for each kind of identity.
[<AbstractClass; Sealed>]
type private AllStepChecks<'Id when 'Id: equality> private () =

    static let named name rule holds : Invariant<'Id> = { Name = name; Rule = rule; Holds = holds }

    static let all =
        [
            named "UpdatesAreApplied" "R2.2" ReceiveChecks.updatesAreApplied
            named "SuspicionsAreRefuted" "R5.2" ReceiveChecks.suspicionsAreRefuted
            named "DownIsObeyed" "R5.3" ReceiveChecks.downIsObeyed
            named "TurnUndeadIsObeyed" "R5.3" ReceiveChecks.turnUndeadIsObeyed
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
            named "PeriodicTimersContinue" "R8.4" TimerChecks.periodicTimersContinue
            named "PeriodicTimersBegin" "R4.2" TimerChecks.periodicTimersBegin
        ]

    static member All = all

/// The checks of single steps. An invariant is about the state of a member; these are about what a step does.
[<RequireQualifiedAccess>]
module StepChecks =

    /// All of them.
    let all<'Id when 'Id: equality> : Invariant<'Id> list = AllStepChecks<'Id>.All

    // A packet that the codec refuses (R9.1) can only come from a test. The invariants hold then too, but
    // these checks do not apply.
    let private isPossible (event: Event<'Id>) =
        match event with
        | PacketReceived packet ->
            match packet.Header.Message with
            | Announce
            | TurnUndead -> packet.Updates.Count = 0 && packet.Broadcasts.Count = 0
            | Broadcast -> packet.Updates.Count = 0
            | _ -> true
        | _ -> true

    /// The names of the checks that this step breaks; empty if it breaks none.
    let broken (seen: Observation<'Id>) : string list =
        let rec go (rest: Invariant<'Id> list) =
            match rest with
            | [] -> []
            | one :: others when one.Holds seen -> go others
            | one :: others -> one.Name :: go others

        if isPossible seen.Event then go AllStepChecks<'Id>.All else []
