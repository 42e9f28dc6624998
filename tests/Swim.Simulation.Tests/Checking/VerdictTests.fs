/// Each promise about a whole run is broken on purpose, and noticed under its name. The steps themselves are not
/// looked at here.
module Swim.Simulation.Tests.VerdictTests

open System
open Expecto
open Swim.Core
open Swim.Simulation

let private judged (scheme: IdentityScheme<'Id>) (protocol: IProtocol) (scenario: Scenario) : string list =
    let options: RunOptions<'Id> =
        {
            Scheme = scheme
            Stepper = protocol.Stepper()
            Observer = None
            Checks = false
            Settles = true
            JudgesWhenCalm = true
        }

    (Run.scenario options scenario 1UL).Failures |> List.map _.Property |> List.distinct

let private splitInTwo =
    Given.joined 4 6000.0 [ 1000.0, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4 ] ] ]

// Two that cannot renew themselves hold each other Down, and nothing but a TurnUndead is sent about it.
let private quietly =
    let config =
        { Config.local 4 with
            PeriodicAnnounce = ValueNone
            PeriodicAnnounceToDown = ValueNone
        }

    { Given.joined 4 6000.0 [ 0.0, ScenarioAction.Split [ [ 2 ]; [ 4 ] ] ] with
        Config = config
    }

let private isSend (isIt: Message<'Id> -> bool) (effect: Effect<'Id>) =
    match effect with
    | Send packet -> isIt packet.Header.Message
    | _ -> false

let private neverDown =
    { new Mistake("R7.5", "a suspicion has no end") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (function
                | Schedule(ChangeSuspectToDown _, _) -> true
                | _ -> false)
    }

let private neverAnnounces =
    { new Mistake("R8.4", "nobody announces") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event |> Mistake.without (isSend _.IsAnnounce)
    }

let private deafToPings =
    { new Mistake("R8.5", "every sixteenth ping is not answered") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (
                isSend (function
                    | Ack number
                    | ForwardedAck(_, number) -> number % 16u = 0u
                    | _ -> false)
            )
    }

let private neverSpent =
    { new Mistake("R8.6", "the last update is never spent") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.ending (fun after ->
                if after.Updates.Count < state.Updates.Count then
                    { after with Updates = state.Updates }
                else
                    after)
    }

let private throwing =
    { new Mistake("R9", "a feed is one too many") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when packet.Header.Message.IsFeed -> failwith "unexpected"
            | _ -> Protocol.step rules state event
    }

let private isBrokenBy name (scheme: IdentityScheme<'Id>) (mistake: Mistake) scenario =
    testCase $"{name} is broken if {mistake.Name}"
    <| fun () ->
        Expect.contains (judged scheme mistake scenario) name "noticed"
        Expect.isEmpty (judged scheme (RealProtocol()) scenario) "and only because of it"

let tests =
    testList
        "Verdict"
        [
            isBrokenBy
                "Completeness"
                IdentityScheme.node
                neverDown
                (Given.joined 4 3000.0 [ 1000.0, ScenarioAction.Crash 3 ])
            isBrokenBy "Agreement" IdentityScheme.node ReceiveMistakes.deafToUndead splitInTwo
            isBrokenBy
                "Recovery"
                IdentityScheme.node
                neverAnnounces
                (Given.joined 2 6000.0 [ 0.0, ScenarioAction.Split [ [ 1 ]; [ 2 ] ] ])
            isBrokenBy "Accuracy" IdentityScheme.node deafToPings (Given.joined 4 3000.0 [])
            isBrokenBy
                "BoundedMemory"
                IdentityScheme.node
                neverSpent
                (Given.joined 4 3000.0 [ 1000.0, ScenarioAction.Crash 3 ])
            isBrokenBy "NoStorm" MixedIdentity.scheme SendMistakes.storm quietly
            isBrokenBy
                "NothingThrows"
                IdentityScheme.node
                throwing
                (Given.joined 4 6000.0 [ 1000.0, ScenarioAction.Restart 3 ])

            testCase "members that never heard of each other are not expected to agree"
            <| fun () ->
                let scenario =
                    { Given.joined 4 6000.0 [ 0.0, ScenarioAction.Crash 1; 0.0, ScenarioAction.Crash 2 ] with
                        Beginning = Joining
                    }

                Expect.isEmpty
                    (judged IdentityScheme.node (RealProtocol()) scenario)
                    "their seeds were gone at once"
        ]
