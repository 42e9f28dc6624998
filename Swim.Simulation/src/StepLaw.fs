namespace Swim.Simulation

open Swim.Core

/// Made once for each kind of identity.
[<AbstractClass; Sealed>]
type private AllStepLaws<'Id when 'Id: equality> private () =

    static let named name rule holds : Invariant<'Id> = { Name = name; Rule = rule; Holds = holds }

    static let all =
        [
            named "UpdatesAreTaken" "R2.2" LawHeard.updatesAreTaken
            named "SuspicionsAreRefuted" "R5.2" LawHeard.suspicionsAreRefuted
            named "DownIsObeyed" "R5.3" LawHeard.downIsObeyed
            named "TurnUndeadIsObeyed" "R5.3" LawHeard.turnUndeadIsObeyed
            named "OthersMailIsLeftAlone" "R9.3" LawHeard.othersMailIsLeftAlone
            named "TheDownAreNotBelieved" "R9.4" LawHeard.theDownAreNotBelieved
            named "TheForgottenStayAway" "R12.7" LawHeard.theForgottenStayAway
            named "HeadersAreTrue" "R5.2" LawSent.headersAreTrue
            named "MessagesCarryWhatTheyMay" "R8.5" LawSent.messagesCarryWhatTheyMay
            named "UpdatesAreTrue" "R3.1" LawSent.updatesAreTrue
            named "RejoiningRenews" "R5.3" LawSent.rejoiningRenews
            named "NothingGoesToOurselves" "R9.2" LawSent.nothingGoesToOurselves
            named "MessagesAreAnswered" "R8.5" LawSent.messagesAreAnswered
            named "SuspectsAreTold" "R12.14" LawSent.suspectsAreTold
            named "LeavingIsTold" "R6.1" LawSent.leavingIsTold
            named "TheDownAreTold" "R12.4" LawSent.theDownAreTold
            named "EachPeriodProbes" "R7.2" LawTimed.eachPeriodProbes
            named "HelpersAreAsked" "R7.3" LawTimed.helpersAreAsked
            named "OnlyAnswersAnswer" "R7.4" LawTimed.onlyAnswersAnswer
            named "AnswersCount" "R7.4" LawTimed.answersCount
            named "TimersAccuseWithReason" "R7.5" LawTimed.timersAccuseWithReason
            named "FailedProbesAccuse" "R7.2" LawTimed.failedProbesAccuse
            named "SuspicionsAreCarriedOut" "R7.5" LawTimed.suspicionsAreCarriedOut
            named "TheForgottenLeaveATombstone" "R12.7" LawTimed.theForgottenLeaveATombstone
            named "TheDownAreForgotten" "R7.6" LawTimed.theDownAreForgotten
            named "PeriodicTimersGoOn" "R8.4" LawTimed.periodicTimersGoOn
            named "PeriodicTimersBegin" "R4.2" LawTimed.periodicTimersBegin
        ]

    static member All = all

/// What the simulator holds against each step beside the invariants of the core. An invariant is about what a
/// member is; a law is about what it does, and says a rule once more by other means.
[<RequireQualifiedAccess>]
module StepLaw =

    /// All of them.
    let all<'Id when 'Id: equality> : Invariant<'Id> list = AllStepLaws<'Id>.All

    // What the codec refuses (R9.1) can only come from a test. The invariants hold then too, but the laws
    // say nothing of it.
    let private isPossible (event: Event<'Id>) =
        match event with
        | PacketReceived packet ->
            match packet.Header.Message with
            | Announce
            | TurnUndead -> packet.Updates.Count = 0 && packet.Broadcasts.Count = 0
            | Broadcast -> packet.Updates.Count = 0
            | _ -> true
        | _ -> true

    /// The names of the laws that this step breaks; none if all is well.
    let broken (seen: Observation<'Id>) : string list =
        let rec go (rest: Invariant<'Id> list) =
            match rest with
            | [] -> []
            | one :: others when one.Holds seen -> go others
            | one :: others -> one.Name :: go others

        if isPossible seen.Event then go AllStepLaws<'Id>.All else []
