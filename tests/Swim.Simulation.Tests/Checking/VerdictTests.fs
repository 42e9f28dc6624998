/// Each promise of the verdict is broken on purpose, and reported under its name. Steps are not checked here.
module Swim.Simulation.Tests.VerdictTests

open System
open Expecto
open Swim
open Swim.Core
open Swim.Simulation

let private failuresOf
    (scheme: IdentityScheme<'Id>)
    (protocol: IProtocol)
    (scenario: Scenario)
    : string list =
    let options: RunOptions<'Id> =
        {
            Scheme = scheme
            Runner = protocol.Runner
            Observer = None
            Checks = false
            Settles = true
            JudgesWhenCalm = true
        }

    (Run.scenario options scenario 1UL).Failures |> List.map _.Property |> List.distinct

let private splitInTwo =
    Given.joined 4 6000.0 [ 1000.0, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4 ] ] ]

// Two members that cannot renew their identities hold each other Down, and only a TurnUndead can tell them
// so.
let private quietly =
    let config =
        { SwimConfig.Local 4 with
            PeriodicAnnounce = Nullable()
            PeriodicAnnounceToDown = Nullable()
        }

    { Given.joined 4 6000.0 [ 0.0, ScenarioAction.Split [ [ 2 ]; [ 4 ] ] ] with
        Config = config
    }

let private isSend (isIt: PacketHeader<'Id> -> bool) (effect: Effect<'Id>) =
    match effect with
    | Send packet -> isIt packet.Header
    | _ -> false

let private neverExpires =
    { new Mistake("R7.5", "a suspicion never expires") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (function
                | Schedule(ChangeSuspectToDown _, _) -> true
                | _ -> false)
    }

let private neverAnnounces =
    { new Mistake("R8.4", "no member announces") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (isSend (fun header -> header.Kind = MessageKind.Announce))
    }

let private ignoresSomePings =
    { new Mistake("R8.5", "every sixteenth ping is not answered") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (
                isSend (fun header ->
                    (header.Kind = MessageKind.Ack || header.Kind = MessageKind.ForwardedAck)
                    && header.ProbeNumber % 16u = 0u)
            )
    }

let private doesNotCountTransmissions =
    { new Mistake("R8.6", "the transmissions of the last update are not counted") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.ending (fun after ->
                if after.Updates.Count < state.Updates.Count then
                    after |> Mistake.change (fun copy -> copy.Updates <- state.Updates)
                else
                    after)
    }

let private throwing =
    { new Mistake("R9", "a feed is one too many") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when packet.Header.Kind = MessageKind.Feed -> failwith "unexpected"
            | _ -> Protocol.step rules state event
    }

let private reports name (scheme: IdentityScheme<'Id>) (mistake: Mistake) scenario =
    testCase $"the verdict reports {name} if {mistake.Name}"
    <| fun () ->
        Expect.contains (failuresOf scheme mistake scenario) name "reported"
        Expect.isEmpty (failuresOf scheme (RealProtocol()) scenario) "and only because of it"

let tests =
    testList
        "Verdict"
        [
            reports
                "Completeness"
                IdentityScheme.node
                neverExpires
                (Given.joined 4 3000.0 [ 1000.0, ScenarioAction.Crash 3 ])
            reports "Agreement" IdentityScheme.node ReceiveMistakes.ignoresTurnUndead splitInTwo
            reports
                "Recovery"
                IdentityScheme.node
                neverAnnounces
                (Given.joined 2 6000.0 [ 0.0, ScenarioAction.Split [ [ 1 ]; [ 2 ] ] ])
            reports "Accuracy" IdentityScheme.node ignoresSomePings (Given.joined 4 3000.0 [])
            reports
                "BoundedMemory"
                IdentityScheme.node
                doesNotCountTransmissions
                (Given.joined 4 3000.0 [ 1000.0, ScenarioAction.Crash 3 ])
            reports "NoStorm" MixedIdentity.scheme SendMistakes.answersEveryTurnUndead quietly
            reports
                "NothingThrows"
                IdentityScheme.node
                throwing
                (Given.joined 4 6000.0 [ 1000.0, ScenarioAction.Restart 3 ])

            testCase "the verdict does not expect members to agree that never learned of each other"
            <| fun () ->
                let scenario =
                    { Given.joined 4 6000.0 [ 0.0, ScenarioAction.Crash 1; 0.0, ScenarioAction.Crash 2 ] with
                        Beginning = Joining
                    }

                Expect.isEmpty
                    (failuresOf IdentityScheme.node (RealProtocol()) scenario)
                    "their seeds crashed at once"
        ]
