/// One core against arbitrary events: it never throws, and every invariant holds after every step.
module Swim.Core.Tests.RandomTraces

open Expecto
open Swim
open Swim.Core

let private test = "arbitrary events break no invariant"

/// The rules and the identity that a trace begins with.
let beginning (randomSeed: uint64) : Dice * Rules<TestId> * TestId =
    let dice = Dice(randomSeed)
    let rules = AnyEvent.rules dice

    let identity = { Given.me with Renewable = dice.Chance 50 }

    dice, rules, identity

/// So many arbitrary steps of one core: each event and its effects.
let run (context: string) steps (randomSeed: uint64) =
    let dice, rules, identity = beginning randomSeed
    let core = CheckedMember(rules, identity, randomSeed, context)
    List.init steps (fun _ -> AnyEvent.step dice core)

let private isReached (what: Effect<TestId> -> bool) (traces: Effect<TestId> list) = List.exists what traces

/// What a good set of traces comes across; else they prove little.
let private landmarks: (string * (Effect<TestId> -> bool)) list =
    let notified (kind: SwimEventKind) effect =
        match effect with
        | Notify event -> event.Kind = kind
        | _ -> false

    let scheduled (isIt: Timer<TestId> -> bool) effect =
        match effect with
        | Schedule(timer, _) -> isIt timer
        | _ -> false

    let sent (kind: MessageKind) effect =
        match effect with
        | Send packet -> packet.Header.Kind = kind
        | _ -> false

    [
        // An impaired link takes three probes of one member in a row (R14.5): LocalHealthRules has it.
        for kind in System.Enum.GetValues<SwimEventKind>() do
            if kind <> SwimEventKind.LinkImpaired && kind <> SwimEventKind.LinkRestored then
                $"{kind}", notified kind
        for cause in System.Enum.GetValues<ChangeCause>() do
            $"an event by {cause}",
            (function
            | Notify event -> event.Cause = cause
            | _ -> false)
        "a suspicion", scheduled _.IsChangeSuspectToDown
        "a tombstone", scheduled _.IsRemoveTombstone
        "an announcement to Down members", scheduled _.IsPeriodicAnnounceDown
        for kind in System.Enum.GetValues<MessageKind>() do
            $"{kind}", sent kind
        "an offer", _.IsOfferBroadcast
        for error in
            [
                SwimError.NotUndead
                SwimError.SameIdentity
                SwimError.NotConnected
                SwimError.IncompleteProbeCycle
                SwimError.DataFromOurselves
                SwimError.IndirectForOurselves
                SwimError.MalformedPacket
                SwimError.DataTooBig
            ] do
            $"{error}", (fun effect -> effect = Report error)
    ]

let tests =
    testList
        "Random traces"
        [
            testCase test
            <| fun () ->
                for randomSeed in Seeds.upTo 200UL do
                    run (Seeds.replay test randomSeed) 150 randomSeed |> ignore

            testCase "arbitrary events reach every event, timer, message and error"
            <| fun () ->
                let effects =
                    [ 1UL .. 100UL ]
                    |> List.collect (fun randomSeed -> run "" 150 randomSeed |> List.collect snd)

                for name, isIt in landmarks do
                    Expect.isTrue (isReached isIt effects) $"{name} is reached"
        ]
