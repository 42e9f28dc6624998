namespace Swim.Core

/// Made once for each kind of identity.
[<AbstractClass; Sealed>]
type private AllInvariants<'Id when 'Id: equality> private () =

    static let named name rule holds : Invariant<'Id> = { Name = name; Rule = rule; Holds = holds }

    static let all =
        [
            named "NoPeerIsOurselves" "R3.4" TableInvariant.noPeerIsOurselves
            named "NobodyElseAtOurAddress" "R3.4" TableInvariant.nobodyElseAtOurAddress
            named "OneRecordPerAddress" "R1.2" TableInvariant.oneRecordPerAddress
            named "ActiveCountIsTrue" "R2.1" TableInvariant.activeCountIsTrue
            named "NotificationsMatchTable" "R3.3" TableInvariant.notificationsMatchTable
            named "ConnectionAgreesWithTable" "R4.1" TableInvariant.connectionAgreesWithTable
            named "RecordsMoveForward" "R2.2" TableInvariant.recordsMoveForward
            named "OurIncarnationOnlyGrows" "R5.2" TableInvariant.ourIncarnationOnlyGrows
            named "IncarnationsWereReceived" "R2.2" TableInvariant.incarnationsWereReceived
            named "DownHasNoIncarnation" "R12.8" TableInvariant.downHasNoIncarnation
            named "TransmissionsAreBounded" "R8.6" PacketInvariant.transmissionsAreBounded
            named "OneUpdatePerAddress" "R3.1" PacketInvariant.oneUpdatePerAddress
            named "PacketsFit" "R8.6" PacketInvariant.packetsFit
            named "ProbesAreOfPeers" "R7.1" PacketInvariant.probesAreOfPeers
            named "OneProbeAtATime" "R12.2" PacketInvariant.oneProbeAtATime
            named "AnnouncingToDownHasATimer" "R12.3" PacketInvariant.announcingToDownHasATimer
            named "SpentTokensDoNothing" "R4.5" PacketInvariant.spentTokensDoNothing
            named "EverySuspectHasATimer" "R12.11" TableInvariant.everySuspectHasATimer
            named "EveryDownHasATimer" "R3.2" TableInvariant.everyDownHasATimer
            named "TombstonesAreBounded" "R12.7" TableInvariant.tombstonesAreBounded
            named "OwnDownIsNotSpread" "R12.5" PacketInvariant.ownDownIsNotSpread
            named "DepartedIsSilent" "R12.6" PacketInvariant.departedIsSilent
            named "TurnUndeadOnlyToDown" "R12.1" PacketInvariant.turnUndeadOnlyToDown
        ]

    static member All = all

/// The invariants of the protocol, each written once.
[<RequireQualifiedAccess>]
module Invariant =

    /// All of them.
    let all<'Id when 'Id: equality> : Invariant<'Id> list = AllInvariants<'Id>.All

    /// The names of the invariants that this step breaks; none if all is well.
    let broken (seen: Observation<'Id>) : string list =
        let rec go (rest: Invariant<'Id> list) =
            match rest with
            | [] -> []
            | one :: others when one.Holds seen -> go others
            | one :: others -> one.Name :: go others

        go AllInvariants<'Id>.All
