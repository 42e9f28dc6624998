/// Configurations (R10): what is refused, what may change, and what the presets are worth, for any values.
module Swim.Core.Tests.ConfigProperties

open System
open Expecto
open Swim
open Swim.Core

let private tick = TimeSpan.FromTicks 1L
let private longest = TimeSpan.FromDays 49.0

let private durations =
    [|
        TimeSpan.MinValue
        -tick
        TimeSpan.Zero
        tick
        TimeSpan.FromMilliseconds 200.0
        TimeSpan.FromSeconds 1.0
        longest - tick
        longest
        longest + tick
        TimeSpan.MaxValue
    |]

let private counts = [| Int32.MinValue; -1; 0; 1; 3; 254; 255; 256; Int32.MaxValue |]

let private few =
    [| Int32.MinValue; -1; 0; 1; 7; 8; 15; 16; 50; 51; 100; 101; Int32.MaxValue |]

let private sizes = [| 0; 127; 128; 1400; 65507; 65508; Int32.MaxValue |]

/// One byte for each choice, so that a failure shrinks to the first values.
type private Raw =
    (byte * byte * byte * byte * byte * byte) * (byte * byte * byte * byte * byte * byte) * bool

let private pick (choices: 'T[]) (raw: byte) = choices[int raw % choices.Length]

/// Mostly good values; about every fourth field is drawn from all, the bad ones included.
let private sometimes (good: 'T) (choices: 'T[]) (raw: byte) =
    if raw % 4uy = 3uy then pick choices (raw / 4uy) else good

let private periodic (frequency: byte) (members: byte) =
    if frequency % 3uy = 0uy then
        Nullable()
    else
        Nullable
            {
                Frequency = sometimes (TimeSpan.FromSeconds 1.0) durations frequency
                Members = sometimes 3 counts members
            }

let private configOf (((a, b, c, d, e, f), (g, h, i, j, k, l), notify): Raw) : SwimConfig =
    {
        ProbePeriod = sometimes (TimeSpan.FromSeconds 1.0) durations a
        ProbeRtt = sometimes (TimeSpan.FromMilliseconds 200.0) durations b
        IndirectProbes = sometimes 3 counts c
        MaxTransmissions = sometimes 10 counts d
        SuspectToDownAfter = sometimes (TimeSpan.FromSeconds 3.0) durations e
        RemoveDownAfter = sometimes (TimeSpan.FromHours 1.0) durations f
        MaxPacketSize = sometimes 1400 sizes g
        NotifyDownMembers = notify
        DownIsFinal = not notify
        TransmissionMultiplier = sometimes 4 few c
        SuspicionMultiplier = sometimes 5 few e
        SuspicionConfirmations = sometimes 3 few f
        MaxSuspicionFactor = sometimes 6 few i
        MaxLocalHealth = sometimes 7 few k
        AccountableAccusers = notify
        NotifySuspects = notify
        AskDownEarly = notify
        PeriodicAnnounce = periodic h i
        PeriodicAnnounceToDown = periodic j k
        PeriodicGossip = periodic l a
    }

/// The table of R10.1, said again: the names of the fields that are out of bounds.
let private outOfBounds (config: SwimConfig) : string list =
    let isDuration (value: TimeSpan) = TimeSpan.Zero < value && value <= longest
    let isFrom low high value = low <= value && value <= high
    let isCount value = List.contains value [ 1..255 ]

    let ofPeriodic name (setting: System.Nullable<PeriodicSetting>) =
        match setting with
        | Every periodic ->
            [
                $"{name}.Frequency", isDuration periodic.Frequency
                $"{name}.Members", isCount periodic.Members
            ]
        | Off -> []

    [
        "ProbePeriod", isDuration config.ProbePeriod
        "ProbeRtt", isDuration config.ProbeRtt && config.ProbeRtt < config.ProbePeriod
        "IndirectProbes", isCount config.IndirectProbes
        "MaxTransmissions", isCount config.MaxTransmissions
        "SuspectToDownAfter", isDuration config.SuspectToDownAfter
        "RemoveDownAfter", isDuration config.RemoveDownAfter
        "MaxPacketSize", 128 <= config.MaxPacketSize && config.MaxPacketSize <= 65507
        "TransmissionMultiplier", isFrom 0 50 config.TransmissionMultiplier
        "SuspicionMultiplier", isFrom 0 100 config.SuspicionMultiplier
        "SuspicionConfirmations", isFrom 0 15 config.SuspicionConfirmations
        "MaxSuspicionFactor", isFrom 1 100 config.MaxSuspicionFactor
        "MaxLocalHealth", isFrom 0 7 config.MaxLocalHealth
        yield! ofPeriodic "PeriodicAnnounce" config.PeriodicAnnounce
        yield! ofPeriodic "PeriodicAnnounceToDown" config.PeriodicAnnounceToDown
        yield! ofPeriodic "PeriodicGossip" config.PeriodicGossip
    ]
    |> List.filter (snd >> not)
    |> List.map fst

let private isGood config = List.isEmpty (outOfBounds config)

/// A configuration with the probe cycle and the order of records of another, so that the change has a chance.
let private withCycleOf (current: SwimConfig) (next: SwimConfig) =
    { next with
        ProbePeriod = current.ProbePeriod
        ProbeRtt = current.ProbeRtt
        DownIsFinal = current.DownIsFinal
    }

let private many = { FsCheckConfig.defaultConfig with maxTest = 2000 }

let private boundProperties =
    [
        testPropertyWithConfig many "R10.1 the faults are exactly the fields that are out of bounds"
        <| fun (raw: Raw) ->
            let config = configOf raw
            let named = config.Faults() |> Seq.map _.Field |> Seq.distinct |> List.ofSeq
            Expect.equal (List.sort named) (List.sort (outOfBounds config)) "field by field"
    ]

let private changeProperties =
    [
        testPropertyWithConfig many "R10.2 what may replace what: exactly as the rule says"
        <| fun (first: Raw) (second: Raw) (isSameCycle: bool) ->
            let current = configOf first
            let next = configOf second
            let next = if isSameCycle then withCycleOf current next else next

            let isOn (config: SwimConfig) =
                [
                    config.PeriodicAnnounce.HasValue
                    config.PeriodicAnnounceToDown.HasValue
                    config.PeriodicGossip.HasValue
                ]

            let expected =
                isGood next
                && next.ProbePeriod = current.ProbePeriod
                && next.ProbeRtt = current.ProbeRtt
                && next.DownIsFinal = current.DownIsFinal
                && List.forall2 (fun before after -> before || not after) (isOn current) (isOn next)

            Expect.equal (current.CanBecome next) expected "R10.2"

            let changed = Rules.withConfig next (Given.rules current) |> Result.map _.Config
            Expect.equal changed (if expected then Ok next else Error SwimError.InvalidConfig) "or nothing"

        testPropertyWithConfig many "R10.2 a good configuration may replace itself"
        <| fun (raw: Raw) ->
            let config = configOf raw
            Expect.equal (config.CanBecome config) (isGood config) "no change at all"

        testPropertyWithConfig many "R10.2 a change in two steps may be made in one"
        <| fun (first: Raw) (second: Raw) (third: Raw) ->
            let first = configOf first
            let second = withCycleOf first (configOf second)
            let third = withCycleOf first (configOf third)

            if first.CanBecome second && second.CanBecome third then
                Expect.isTrue (first.CanBecome third) "transitive"
    ]

let private presets =
    [ "Lan", SwimConfig.Lan; "Wan", SwimConfig.Wan; "Local", SwimConfig.Local ]

let private presetProperties =
    [
        for name, preset in presets do
            testPropertyWithConfig many $"R10.3 {name} is good for a cluster of any size"
            <| fun (size: int) (magnitude: byte) ->
                let size = size * pown 10 (int magnitude % 9)

                if size >= 1 then
                    Expect.equal (outOfBounds (preset size)) [] $"{size}"
                else
                    Expect.throwsT<ArgumentOutOfRangeException> (fun () -> preset size |> ignore) $"{size}"

            testPropertyWithConfig many $"R10.3 {name} gives a larger cluster no less of anything"
            <| fun (left: byte * byte) (right: byte * byte) ->
                let sizeOf (digits: byte, zeros: byte) = (1 + int digits) * pown 10 (int zeros % 7)
                let less = preset (min (sizeOf left) (sizeOf right))
                let more = preset (max (sizeOf left) (sizeOf right))
                Expect.isLessThanOrEqual less.MaxTransmissions more.MaxTransmissions "transmissions"
                Expect.isLessThanOrEqual less.SuspectToDownAfter more.SuspectToDownAfter "time to refute"

                let rest (config: SwimConfig) =
                    { config with
                        MaxTransmissions = 1
                        SuspectToDownAfter = TimeSpan.FromSeconds 1.0
                    }

                Expect.equal (rest more) (rest less) "all else is the same"
    ]

let tests =
    testList "Config properties" (boundProperties @ changeProperties @ presetProperties)
