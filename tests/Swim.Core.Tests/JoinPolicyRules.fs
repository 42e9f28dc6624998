/// R12.3 and the decisions 0024 and 0026: whom a joining member asks, when again, and when it knows enough.
module Swim.Core.Tests.JoinPolicyRules

open System
open Expecto
open Swim
open Swim.Core

let private milliseconds (count: int) = TimeSpan.FromMilliseconds(float count)

let private settings: JoinSettings =
    {
        RetryMin = milliseconds 500
        RetryMax = milliseconds 5000
        Refresh = Nullable(TimeSpan.FromMinutes 1.0)
        FeedPace = milliseconds 50
    }

let private view connection active knowsSeed : JoinView =
    { Connection = connection; ActiveMembers = active; KnowsSeed = knowsSeed }

let private idle = view ConnectionState.Idle 0 false
let private defunct = view ConnectionState.Defunct 5 true
/// In a cluster of so many others that has a seed.
let private joined active = view ConnectionState.Active active true
/// In a cluster of so many others, none of which is a seed.
let private apart active = view ConnectionState.Active active false

/// The decisions that follow from these views, one after the other.
let private playWith (settings: JoinSettings) views progress : JoinDecision list * JoinProgress =
    views
    |> List.mapFold
        (fun progress view ->
            let struct (decision, next) = JoinPolicy.decide settings view progress
            decision, next)
        progress

let private play views progress = playWith settings views progress
let private start randomSeed = JoinPolicy.start settings randomSeed
let private actions decisions = decisions |> List.map (fun decision -> decision.Action)
let private waits decisions = decisions |> List.map (fun decision -> decision.Wait.Value)

let private seeds = JoinAction.AskSeeds
let private feed = JoinAction.AskMember
let private rest = JoinAction.Rest

/// A member that asked its seeds and begins to gather Feeds.
let private gathering randomSeed = snd (play [ joined 1 ] (start randomSeed))

/// The views of a member that gathers Feeds until it rests: none names a new member.
let private untilRest = List.replicate (JoinPolicy.QuietFeedsToEnd + 1) (joined 5)

/// A member that has joined.
let private resting randomSeed = snd (play untilRest (gathering randomSeed))

let private expectAction (expected: JoinAction) view progress =
    let struct (decision, _) = JoinPolicy.decide settings view progress
    Expect.equal decision.Action expected $"%A{view}"

let private askingTests =
    [
        testCase "R12.3 a member that starts asks its seeds at once, and again until one is a member"
        <| fun () ->
            let views = List.replicate 20 idle @ [ apart 3; apart 3 ]
            let decisions, _ = play views (start 1UL)
            Expect.equal (actions decisions) (List.replicate 22 seeds) "each time, also without a wait before"

        testCase "R12.3 a member that others joined asks its seeds again while none of them is a member"
        <| fun () ->
            let decisions, progress = play (List.replicate 50 (apart 7)) (start 1UL)
            Expect.equal (List.distinct (actions decisions)) [ seeds ] "no other action"
            Expect.all (waits decisions) (fun wait -> wait > TimeSpan.Zero) "with waits between"
            expectAction seeds (joined 7) progress

        testCase
            "R12.3 the waits between asking the seeds double from RetryMin to RetryMax, spread over their half"
        <| fun () ->
            let longest = [ 500; 1000; 2000; 4000; 5000; 5000; 5000 ]

            let all =
                [
                    for randomSeed in 1UL .. 300UL ->
                        waits (fst (play (List.replicate 7 idle) (start randomSeed)))
                ]

            for step, longest in List.indexed longest do
                let drawn = all |> List.map (fun waits -> waits[step].TotalMilliseconds)
                let longest = float longest
                Expect.all drawn (fun wait -> wait >= longest / 2.0) $"wait {step}: at least half"
                Expect.all drawn (fun wait -> wait <= longest) $"wait {step}: at most all"
                Expect.isLessThan (List.min drawn) (0.52 * longest) $"wait {step}: down to half"
                Expect.isGreaterThan (List.max drawn) (0.98 * longest) $"wait {step}: up to all"

                Expect.equal
                    (List.distinct drawn).Length
                    drawn.Length
                    $"wait {step}: each random seed its own"

            for waits in all do
                let atLongest = List.skip 4 waits
                Expect.equal (List.distinct atLongest) atLongest "each wait is drawn anew"

        testCase "R12.3 the waits begin at RetryMin again when a member loses its cluster"
        <| fun () ->
            let _, progress = play (List.replicate 9 idle) (start 3UL)
            let _, progress = play (joined 5 :: untilRest) progress
            let decisions, _ = play [ idle ] (JoinPolicy.reconsider settings progress)
            Expect.isLessThanOrEqual (waits decisions).Head settings.RetryMin "short again"

        testCase "R12.3 a wait doubles up to the longest RetryMax there is"
        <| fun () ->
            let longest =
                { settings with
                    RetryMin = TimeSpan.MaxValue / 2.0 + milliseconds 1
                    RetryMax = TimeSpan.MaxValue
                }

            let decisions, _ = playWith longest (List.replicate 3 idle) (JoinPolicy.start longest 1UL)

            Expect.all (waits decisions) (fun wait -> wait >= longest.RetryMin / 2.0) "no overflow"
    ]

let private gatheringTests =
    [
        testCase "a member that knows a seed asks the other seeds once more, and gathers Feeds at once"
        <| fun () ->
            let decisions, _ = play [ idle; joined 1; joined 1; joined 1 ] (start 1UL)
            Expect.equal (actions decisions) [ seeds; seeds; feed; feed ] "no seed is asked after that"
            Expect.equal decisions[1].Wait (Nullable TimeSpan.Zero) "at once"

        testCase "Feeds are gathered at their pace, from active members"
        <| fun () ->
            for randomSeed in 1UL .. 100UL do
                let views = [ for active in 1..50 -> joined active ]
                let decisions, _ = play views (gathering randomSeed)

                for active, decision in Seq.zip [ 1..50 ] decisions do
                    Expect.equal decision.Action feed "each Feed named one"
                    Expect.equal decision.Wait (Nullable settings.FeedPace) "the pace"
                    Expect.isTrue (decision.Position >= 0 && decision.Position < active) "one of them"

        testCase "each active member is asked for a Feed as often as any other"
        <| fun () ->
            let positions =
                [
                    for randomSeed in 1UL .. 200UL do
                        let decisions, _ = play (List.replicate 10 (joined 10)) (gathering randomSeed)
                        for decision in decisions -> decision.Position
                ]

            // 200 are expected of each; 5 standard deviations are 67.
            for position, count in List.countBy id positions do
                Expect.isTrue (abs (count - 200) < 67) $"{position}: {count} of 2000"

            Expect.equal (List.distinct positions).Length 10 "all of them"

        testCase "a member rests after ten Feeds in a row that named no new member"
        <| fun () ->
            let decisions, progress = play untilRest (gathering 1UL)
            Expect.equal (actions decisions) (List.replicate 10 feed @ [ rest ]) "ten"
            Expect.equal (List.last decisions).Wait settings.Refresh "until it looks for missing seeds"
            Expect.equal progress.Phase JoinPhase.Resting "it has joined"

        testCase "a Feed that names a new member begins the count of ten anew"
        <| fun () ->
            let views = List.replicate 10 (joined 5) @ List.replicate 11 (joined 6)
            let decisions, _ = play views (gathering 1UL)
            Expect.equal (actions decisions) (List.replicate 20 feed @ [ rest ]) "ten more"

        testCase "a member that fails meanwhile is no new member when it returns"
        <| fun () ->
            let views = [ joined 5; joined 4; joined 5; joined 4 ] @ List.replicate 7 (joined 5)
            let decisions, _ = play views (gathering 1UL)
            Expect.equal (actions decisions) (List.replicate 10 feed @ [ rest ]) "ten"

        testCase
            "R12.3 a member that loses its cluster while it gathers asks its seeds again, and gathers anew"
        <| fun () ->
            let _, progress = play (List.replicate 9 idle @ [ joined 1 ]) (start 1UL)
            let views = [ joined 5; joined 5; idle; idle; joined 5; joined 5 ]
            let decisions, progress = play views progress
            Expect.equal (actions decisions) [ feed; feed; seeds; seeds; seeds; feed ] "as at the start"
            Expect.isTrue (decisions[2].Wait.Value >= settings.RetryMin / 2.0) "after a wait from RetryMin on"
            Expect.isTrue (decisions[2].Wait.Value <= settings.RetryMin) "and no longer"
            let decisions, _ = play untilRest progress
            Expect.equal (actions decisions).Length 11 "all ten again"

        testCase "a burst of twenty Feeds takes a probe period, and the pace is never zero"
        <| fun () ->
            Expect.equal (JoinPolicy.feedPace (SwimConfig.Lan 10)) (milliseconds 50) "a second"
            let shortest = { Given.simple with ProbePeriod = TimeSpan.FromTicks 2L }
            Expect.isGreaterThan (JoinPolicy.feedPace shortest) TimeSpan.Zero "of any probe period"
    ]

let private restingTests =
    [
        testCase "after Refresh a member asks the missing seeds once, and gathers no Feeds"
        <| fun () ->
            let decisions, progress = play (List.replicate 20 (joined 9)) (resting 1UL)
            Expect.equal (List.distinct (actions decisions)) [ seeds ] "no Feed"
            Expect.all decisions (fun decision -> decision.Wait = settings.Refresh) "once per Refresh"
            Expect.equal progress.Phase JoinPhase.Resting "it rests meanwhile"

        testCase
            "after Refresh a member that has lost every seed asks until it knows one, and gathers no Feeds"
        <| fun () ->
            let views = [ apart 9; apart 9; joined 9; joined 9 ]
            let decisions, _ = play views (resting 1UL)
            Expect.equal (actions decisions) [ seeds; seeds; seeds; seeds ] "no Feed"
            Expect.isTrue (decisions[0].Wait.Value <= settings.RetryMin) "soon again"
            Expect.isTrue (decisions[1].Wait.Value <= settings.RetryMin * 2.0) "as at the start"
            Expect.equal decisions[2].Wait settings.Refresh "and then rests"

        testCase "a member without Refresh rests until it reconsiders"
        <| fun () ->
            let settings = { settings with Refresh = Nullable() }
            let decisions, progress = playWith settings untilRest (gathering 1UL)
            Expect.isFalse (List.last decisions).Wait.HasValue "no wait"
            let decisions, _ = playWith settings [ joined 5; defunct ] progress
            Expect.all decisions (fun decision -> not decision.Wait.HasValue) "nor after any other decision"

        testCase "a Defunct member rests, whatever it did before"
        <| fun () ->
            for progress in [ start 1UL; gathering 1UL; resting 1UL ] do
                let decisions, progress = play [ defunct; defunct ] progress
                Expect.equal (actions decisions) [ rest; rest ] "it asks no member"
                Expect.all decisions (fun decision -> decision.Wait = settings.Refresh) "until Refresh"
                let again, _ = play [ idle; joined 5; joined 5 ] (JoinPolicy.reconsider settings progress)
                Expect.equal (actions again) [ seeds; seeds; feed ] "and joins when it may take part again"
    ]

let private reconsiderTests =
    [
        testCase "R12.3 a member that reconsiders while it rests joins anew, Feeds included"
        <| fun () ->
            let progress = JoinPolicy.reconsider settings (resting 1UL)
            let decisions, _ = play (joined 5 :: untilRest) progress
            Expect.equal (actions decisions) (seeds :: List.replicate 10 feed @ [ rest ]) "all of it"

        testCase "a member that reconsiders while it asks or gathers continues as it was"
        <| fun () ->
            let _, asking = play (List.replicate 3 idle) (start 1UL)
            let _, gathers = play (List.replicate 3 (joined 5)) (gathering 1UL)

            for progress in [ start 1UL; asking; gathers ] do
                Expect.equal (JoinPolicy.reconsider settings progress) progress "the same progress"

        testCase "a member that joins anew draws other waits than the first time"
        <| fun () ->
            let first, _ = play [ idle ] (start 1UL)
            let again, _ = play [ idle ] (JoinPolicy.reconsider settings (resting 1UL))
            Expect.notEqual (waits again) (waits first) "the random choices continue"
    ]

/// One byte for each choice, so that a failure shrinks to the first values.
type private RawView = byte * byte * bool * bool

let private connections =
    [| ConnectionState.Active; ConnectionState.Idle; ConnectionState.Defunct |]

/// Mostly Active, as a member with another that is active always is; how many is any number.
let private viewOf (connection: byte, active: byte, knowsSeed: bool, _: bool) : JoinView =
    let connection = connections[max 0 (int (connection % 8uy) - 5)]
    let active = if connection = ConnectionState.Active then int active + 1 else int active
    view connection active knowsSeed

let private durations =
    [|
        TimeSpan.FromTicks 1L
        TimeSpan.FromTicks 2L
        milliseconds 50
        milliseconds 500
        TimeSpan.FromDays 49.0
        TimeSpan.MaxValue
    |]

let private settingsOf (first: byte, second: byte, refresh: byte, pace: byte) : JoinSettings =
    let pick (raw: byte) = durations[int raw % durations.Length]

    {
        RetryMin = min (pick first) (pick second)
        RetryMax = max (pick first) (pick second)
        Refresh = if refresh % 4uy = 0uy then Nullable() else Nullable(pick refresh)
        FeedPace = pick pace
    }

/// The decisions of a member that sees these views and sometimes reconsiders.
let private decisionsOf settings randomSeed (raw: RawView list) : (JoinView * JoinDecision) list =
    let decide progress (_, _, _, reconsiders as raw) =
        let progress = if reconsiders then JoinPolicy.reconsider settings progress else progress
        let struct (decision, next) = JoinPolicy.decide settings (viewOf raw) progress
        (viewOf raw, decision), next

    raw |> List.mapFold decide (JoinPolicy.start settings randomSeed) |> fst

let private many = { FsCheckConfig.defaultConfig with maxTest = 2000 }

let private properties =
    [
        testPropertyWithConfig
            many
            "no wait is negative, and no two in a row are zero, whatever a member sees"
        <| fun settings randomSeed (raw: RawView list) ->
            let waits =
                decisionsOf (settingsOf settings) randomSeed raw
                |> List.map (fun (_, decision) -> decision.Wait)

            for wait in waits do
                Expect.isFalse (wait.HasValue && wait.Value < TimeSpan.Zero) "not negative"

            for first, second in List.pairwise waits do
                let isZero (wait: Nullable<TimeSpan>) = wait.HasValue && wait.Value = TimeSpan.Zero
                Expect.isFalse (isZero first && isZero second) "no loop without a wait"

        testPropertyWithConfig
            many
            "a member is only asked for a Feed while Active, at a position that exists"
        <| fun settings randomSeed (raw: RawView list) ->
            for view, decision in decisionsOf (settingsOf settings) randomSeed raw do
                if decision.Action = JoinAction.AskMember then
                    Expect.equal view.Connection ConnectionState.Active "no other member is active"
                    Expect.isTrue (decision.Position >= 0 && decision.Position < view.ActiveMembers) "exists"
                else
                    Expect.equal decision.Position 0 "no position"

        testPropertyWithConfig many "whatever happened, a member whose cluster is whole rests soon"
        <| fun settings randomSeed (raw: RawView list) ->
            let settings = settingsOf settings
            let whole: RawView = 0uy, 254uy, true, false
            let decisions = decisionsOf settings randomSeed (raw @ List.replicate 25 whole)
            let _, last = List.last decisions
            Expect.equal last.Wait settings.Refresh "it rests"

        testPropertyWithConfig many "the same settings, random seed and views give the same decisions"
        <| fun settings randomSeed (raw: RawView list) ->
            let settings = settingsOf settings

            Expect.equal
                (decisionsOf settings randomSeed raw)
                (decisionsOf settings randomSeed raw)
                "a pure function"

        testCase "a view that cannot be, Active without an active member, does not throw"
        <| fun () ->
            let decisions, _ = play (List.replicate 20 (joined 0)) (gathering 1UL)
            Expect.all decisions (fun decision -> decision.Position = 0) "no member to ask"
            Expect.contains (actions decisions) rest "and it ends"
    ]

let tests =
    testList "R12.3 Joining" (askingTests @ gatheringTests @ restingTests @ reconsiderTests @ properties)
