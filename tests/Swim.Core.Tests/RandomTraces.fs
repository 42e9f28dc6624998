/// One core against arbitrary events: it never throws, and every invariant holds after every step.
module Swim.Core.Tests.RandomTraces

open Expecto
open Swim
open Swim.Core

let private test = "arbitrary events break no invariant"

/// The rules and the identity that a trace begins with.
let beginning (seed: uint64) : Dice * Rules<TestId> * TestId =
    let dice = Dice(seed)
    let rules = AnyEvent.rules dice

    let identity = { Given.me with Renewable = dice.Chance 50 }

    dice, rules, identity

/// So many arbitrary steps of one core: each event and its effects.
let run (context: string) steps (seed: uint64) =
    let dice, rules, identity = beginning seed
    let core = Watched(rules, identity, seed, context)
    List.init steps (fun _ -> AnyEvent.step dice core)

let private isReached (what: Effect<TestId> -> bool) (traces: Effect<TestId> list) = List.exists what traces

/// What a good set of traces comes across; else they prove little.
let private landmarks: (string * (Effect<TestId> -> bool)) list =
    let notified (isIt: SwimEvent<TestId> -> bool) effect =
        match effect with
        | Notify notification -> isIt notification
        | _ -> false

    let scheduled (isIt: Timer<TestId> -> bool) effect =
        match effect with
        | Schedule(timer, _) -> isIt timer
        | _ -> false

    let sent (isIt: Message<TestId> -> bool) effect =
        match effect with
        | Send packet -> isIt packet.Header.Message
        | _ -> false

    [
        "MemberDown", notified _.IsMemberDown
        "Rename", notified _.IsRename
        "Active", notified _.IsActive
        "Idle", notified _.IsIdle
        "Defunct", notified _.IsDefunct
        "Rejoin", notified _.IsRejoin
        "a suspicion", scheduled _.IsChangeSuspectToDown
        "a tombstone", scheduled _.IsRemoveTombstone
        "an announcement to Down members", scheduled _.IsPeriodicAnnounceDown
        "PingReq", sent _.IsPingReq
        "ForwardedAck", sent _.IsForwardedAck
        "Feed", sent _.IsFeed
        "Broadcast", sent _.IsBroadcast
        "TurnUndead", sent _.IsTurnUndead
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
                for seed in Seeds.upTo 200UL do
                    run (Seeds.replay test seed) 150 seed |> ignore

            testCase "arbitrary events reach every notification, timer, message and error"
            <| fun () ->
                let effects =
                    [ 1UL .. 60UL ] |> List.collect (fun seed -> run "" 150 seed |> List.collect snd)

                for name, isIt in landmarks do
                    Expect.isTrue (isReached isIt effects) $"{name} is reached"
        ]
