module Swim.Simulation.Tests.ScenarioTextFaultTests

open System
open Expecto
open Swim.Simulation

/// The message about a text that cannot be read as a scenario.
let private faultOf text =
    match ScenarioText.read text with
    | Ok scenario -> failtest $"{scenario} was read from it"
    | Error fault -> string fault

/// Lines after `nodes 5` and `length 60s`, with the message about each.
let private faulty =
    [
        "node 5",
        "line 3: no line begins with 'node'; type one of nodes, config, begin, network, length, or at 10s crash 3"
        "crash 3", "line 3: the time is missing; type at 10s crash 3"
        "nodes 6", "line 3: 'nodes' is already in line 1; leave one of them out"
        "begin later",
        "line 3: 'begin later' cannot be read; type begin joining, begin joining within 5s, or begin joined"
        "begin",
        "line 3: 'begin' cannot be read; type begin joining, begin joining within 5s, or begin joined"
        "begin joining within",
        "line 3: 'begin joining within' cannot be read; type begin joining, begin joining within 5s, or begin joined"
        "begin joining within 61s", "line 3: that is after the end; type a time up to 60s"
        "config", "line 3: the name of a preset is missing; type one of lan, wan, simple, local"
        "config lam", "line 3: unknown preset 'lam'; type one of lan, wan, simple, local"
        "config lan probe-period=fast", "line 3: 'probe-period=fast' cannot be read; type probe-period=1s"
        "config lan probe-period", "line 3: 'probe-period' cannot be read; type probe-period=1s"
        "config lan probe-rtt=2s", "line 3: probe-rtt must be less than probe-period; type probe-rtt=500ms"
        "config lan max-transmissions=256",
        "line 3: max-transmissions must be from 1 to 255; type max-transmissions=10"
        "config lan periodic-gossip=3",
        "line 3: 'periodic-gossip=3' cannot be read; type periodic-gossip=3/200ms"
        "network",
        "line 3: the quality of the links is missing; type perfect, or as in latency 1ms..5ms loss 5%"
        "network losses 5%",
        "line 3: unknown quality 'losses' of a link; type one of latency, loss, burst, duplicate, reorder, corrupt, as in loss 5%"
        "network loss", "line 3: loss needs a value; type loss 5%"
        "network loss 5", "line 3: 'loss 5' cannot be read; type loss 5%"
        "network loss 101%", "line 3: 'loss 101%' cannot be read; type loss 5%"
        "network loss 0.00001%", "line 3: 'loss 0.00001%' cannot be read; type loss 5%"
        "network latency 5ms..1ms", "line 3: 'latency 5ms..1ms' cannot be read; type latency 1ms..5ms"
        "network latency 5", "line 3: 'latency 5' cannot be read; type latency 1ms..5ms"
        "network burst 1%/20%", "line 3: 'burst 1%/20%' cannot be read; type burst 1%/20%/90%"
        "network reorder 2%", "line 3: 'reorder 2%' cannot be read; type reorder 2%/50ms"
        "at 10s", "line 3: an action is missing; type at 10s crash 3"
        "at 10 crash 3", "line 3: '10' is not a time; type one as in 500ms, 10s or 2min"
        "at 61s crash 3", "line 3: 61s is after the end; type a time up to 60s, or a greater length"
        "at 10s crash 6", "line 3: there is no member 6; type one from 1 to 5, or more nodes"
        "at 10s split 1 | 6", "line 3: there is no member 6; type one from 1 to 5, or more nodes"
        "at 10s crsh 3", "line 3: unknown action 'crsh'; type crash 3"
        "at 10s crash", "line 3: 'crash' is not written like this; type crash 3"
        "at 10s crash three", "line 3: 'crash' is not written like this; type crash 3"
        "at 10s crash nobody", "line 3: 'crash' is not written like this; type crash 3"
        "at 10s crash 0", "line 3: 'crash' is not written like this; type crash 3"
        "at 10s pause 2", "line 3: 'pause' is not written like this; type pause 2 for 3s"
        "at 10s drift 2 to 0%", "line 3: 'drift' is not written like this; type drift 2 to 101%"
        "at 10s transmissions 2 to 0",
        "line 3: 'transmissions' is not written like this; type transmissions 2 to 10"
        "at 10s packet-size 2 to 100",
        "line 3: 'packet-size' is not written like this; type packet-size 2 to 1400"
        "at 10s split", "line 3: 'split' is not written like this; type split 1,2 | 3,4,5"
        "at 10s split 3..1 | 2", "line 3: 'split' is not written like this; type split 1,2 | 3,4,5"
        "at 10s cut 1 2", "line 3: 'cut' is not written like this; type cut 1 -> 2,3"
        "at 10s link 1 -> 2 lost",
        "line 3: unknown quality 'lost' of a link; type one of latency, loss, burst, duplicate, reorder, corrupt, as in loss 5%"
    ]

let tests =
    testList
        "scenario text, faults"
        [
            testCase "the message about a faulty line of a scenario has its number and what to type instead"
            <| fun () ->
                for line, expected in faulty do
                    Expect.equal (faultOf $"nodes 5\nlength 60s\n{line}") expected line

            testCase "the message about a missing line of a scenario says which line to add"
            <| fun () ->
                Expect.equal (faultOf "length 60s") "there is no line 'nodes'; add one, as in nodes 5" "nodes"

                Expect.equal
                    (faultOf "nodes 5")
                    "there is no line 'length'; add one, as in length 60s"
                    "length"

                Expect.equal (faultOf "") "there is no line 'nodes'; add one, as in nodes 5" "everything"

            testCase "reading a scenario from any text never throws"
            <| fun () ->
                let words =
                    "nodes 5 length 60s at 1s | -> , .. % = / config lan network loss # split cut begin joining \
                     within -1 99999999999999999999 1e9s .s s %% \u0000 \u00e9 .. ..5 1.. 0.0.0s burst //"

                let pieces = Array.append (words.Split ' ') [| "\n"; "\n"; "\r\n"; "\t" |]
                let random = Random 77

                for _ in 1..3_000 do
                    let count = random.Next 30
                    let text = String.Join(' ', Array.init count (fun _ -> pieces[random.Next pieces.Length]))
                    ScenarioText.read text |> ignore
        ]
