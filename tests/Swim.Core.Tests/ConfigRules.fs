/// R10: presets, bounds, and what a running member may change.
module Swim.Core.Tests.ConfigRules

open System
open Expecto
open Swim
open Swim.Core

let private lan = SwimConfig.Lan 10
let private seconds (value: float) = TimeSpan.FromSeconds value
let private longest = TimeSpan.FromDays 49.0
let private milliseconds (value: float) = TimeSpan.FromMilliseconds value

let private fieldsAtFault (config: SwimConfig) = config.Faults() |> Seq.map _.Field |> List.ofSeq

/// A configuration with one field out of bounds, and the name of that field.
let private outOfBounds =
    let long = longest + milliseconds 1.0

    [
        "ProbeRtt", { lan with ProbeRtt = lan.ProbePeriod }
        "ProbeRtt", { lan with ProbeRtt = TimeSpan.Zero }
        "ProbePeriod", { lan with ProbePeriod = long }
        "IndirectProbes", { lan with IndirectProbes = 0 }
        "IndirectProbes", { lan with IndirectProbes = 256 }
        "MaxTransmissions", { lan with MaxTransmissions = 0 }
        "MaxTransmissions", { lan with MaxTransmissions = 256 }
        "SuspectToDownAfter", { lan with SuspectToDownAfter = TimeSpan.Zero }
        "SuspectToDownAfter", { lan with SuspectToDownAfter = long }
        "RemoveDownAfter", { lan with RemoveDownAfter = seconds -1.0 }
        "MaxPacketSize", { lan with MaxPacketSize = 127 }
        "MaxPacketSize", { lan with MaxPacketSize = 65508 }
        "PeriodicAnnounce.Frequency", { lan with PeriodicAnnounce = Given.every 0 1 }
        "PeriodicAnnounceToDown.Members", { lan with PeriodicAnnounceToDown = Given.every 1 0 }
        "PeriodicGossip.Members", { lan with PeriodicGossip = Given.every 1 256 }
    ]

let private boundTests =
    [
        testCase "R10.1 a field that is out of bounds is named"
        <| fun () ->
            for field, config in outOfBounds do
                Expect.equal (fieldsAtFault config) [ field ] field

        testCase "R10.1 the bounds themselves are fine"
        <| fun () ->
            let smallest =
                { lan with
                    ProbeRtt = lan.ProbePeriod - TimeSpan.FromTicks 1L
                    IndirectProbes = 1
                    MaxTransmissions = 1
                    MaxPacketSize = 128
                    SuspectToDownAfter = TimeSpan.FromTicks 1L
                }

            let largest =
                { lan with
                    IndirectProbes = 255
                    MaxTransmissions = 255
                    MaxPacketSize = 65507
                    RemoveDownAfter = longest
                }

            Expect.isEmpty (smallest.Faults()) "the least"
            Expect.isEmpty (largest.Faults()) "the most"

        testCase "R10.1 every fault is named, not the first alone"
        <| fun () ->
            let config = { lan with IndirectProbes = 0; MaxPacketSize = 0 }

            Expect.equal (fieldsAtFault config) [ "IndirectProbes"; "MaxPacketSize" ] "both"
    ]

let private changeTests =
    let change config = Rules.withConfig config (Given.rules lan) |> Result.map _.Config

    [
        testCase "R10.2 a running member refuses another probe period or round trip"
        <| fun () ->
            let refused =
                [ { lan with ProbePeriod = seconds 2.0 }; { lan with ProbeRtt = milliseconds 100.0 } ]

            for config in refused do
                Expect.equal (change config) (Error SwimError.InvalidConfig) "refused"

        testCase "R10.2 and the switching on of a periodic setting that was off"
        <| fun () ->
            let off = Given.rules Given.simple

            let switchedOn =
                [
                    { Given.simple with PeriodicAnnounce = Given.every 1000 1 }
                    { Given.simple with PeriodicAnnounceToDown = Given.every 1000 1 }
                    { Given.simple with PeriodicGossip = Given.every 1000 1 }
                ]

            for config in switchedOn do
                match Rules.withConfig config off with
                | Error error -> Expect.equal error SwimError.InvalidConfig "refused"
                | Ok _ -> failtest "It was accepted"

        testCase "R10.2 and what is out of bounds"
        <| fun () ->
            for field, config in outOfBounds do
                Expect.equal (change config) (Error SwimError.InvalidConfig) field

        testCase "R10.2 everything else may change"
        <| fun () ->
            let next =
                { lan with
                    IndirectProbes = 5
                    MaxTransmissions = 20
                    SuspectToDownAfter = seconds 9.0
                    RemoveDownAfter = seconds 99.0
                    MaxPacketSize = 512
                    NotifyDownMembers = false
                    PeriodicAnnounce = System.Nullable()
                    PeriodicAnnounceToDown = Given.every 5000 1
                    PeriodicGossip = Given.every 100 9
                }

            Expect.equal (change next) (Ok next) "accepted"
    ]

let private presets =
    [ "Lan", SwimConfig.Lan; "Wan", SwimConfig.Wan; "Local", SwimConfig.Local ]

let private presetTests =
    [
        testCase "R10.3 Simple"
        <| fun () ->
            let expected =
                {
                    ProbePeriod = milliseconds 1500.0
                    ProbeRtt = milliseconds 500.0
                    IndirectProbes = 3
                    MaxTransmissions = 10
                    SuspectToDownAfter = seconds 3.0
                    RemoveDownAfter = TimeSpan.FromHours 24.0
                    MaxPacketSize = 1400
                    NotifyDownMembers = false
                    DownIsFinal = true
                    TransmissionMultiplier = 0
                    SuspicionMultiplier = 0
                    SuspicionConfirmations = 0
                    MaxSuspicionFactor = 1
                    MaxLocalHealth = 0
                    AccountableAccusers = false
                    NotifySuspects = true
                    AskDownEarly = false
                    PeriodicAnnounce = System.Nullable()
                    PeriodicAnnounceToDown = System.Nullable()
                    PeriodicGossip = System.Nullable()
                }

            Expect.equal (SwimConfig.Simple()) expected "field by field"

        testCase "R10.3 Lan"
        <| fun () ->
            let expected =
                { SwimConfig.Simple() with
                    ProbePeriod = seconds 1.0
                    MaxTransmissions = 8
                    SuspectToDownAfter = seconds 8.0
                    NotifyDownMembers = true
                    PeriodicAnnounce = Given.every 30000 1
                    PeriodicAnnounceToDown = Given.every 65000 2
                    PeriodicGossip = Given.every 200 3
                }

            Expect.equal (SwimConfig.Lan 100) expected "field by field"

        testCase "R10.3 Wan"
        <| fun () ->
            let expected =
                { SwimConfig.Simple() with
                    ProbePeriod = seconds 5.0
                    ProbeRtt = seconds 3.0
                    MaxTransmissions = 8
                    SuspectToDownAfter = seconds 60.0
                    NotifyDownMembers = true
                    PeriodicAnnounce = Given.every 60000 2
                    PeriodicAnnounceToDown = Given.every 125000 3
                    PeriodicGossip = Given.every 500 4
                }

            Expect.equal (SwimConfig.Wan 100) expected "field by field"

        testCase "R10.3 the number of members sets transmissions and the time to refute"
        <| fun () ->
            // 4 log10(n + 1), rounded down, and 4 probe periods for each power of ten above the first.
            let expected =
                [ 1, 1, 4.0; 2, 1, 4.0; 9, 4, 4.0; 10, 4, 4.0; 1000, 12, 12.0; 100000, 20, 20.0 ]

            for size, transmissions, suspicion in expected do
                let config = SwimConfig.Lan size
                Expect.equal config.MaxTransmissions transmissions $"transmissions at {size}"
                Expect.equal config.SuspectToDownAfter (seconds suspicion) $"suspicion at {size}"

        testCase "R10.3 every preset is within bounds at every size"
        <| fun () ->
            for size in [ 1; 2; 3; 1000; Int32.MaxValue ] do
                for name, preset in presets do
                    Expect.isEmpty ((preset size).Faults()) $"{name} {size}"

        testCase "R10.3 a preset refuses a cluster without members"
        <| fun () ->
            for size in [ Int32.MinValue; -1; 0 ] do
                for name, preset in presets do
                    Expect.throwsT<ArgumentOutOfRangeException>
                        (fun () -> preset size |> ignore)
                        $"{name} {size}"
    ]

let tests = testList "R10 Configuration" (boundTests @ changeTests @ presetTests)
