module Swim.Cli.Tests.SimulateArgumentTests

open System
open System.IO
open Expecto

/// Options that are refused, and the error of each.
let private refused =
    let unexpected option example word = $"'{word}' is not expected there; type {option} {example}"

    [
        "--node 5", "unknown option '--node' of swim simulate; type --nodes 16"
        "--seed 5", "unknown option '--seed' of swim simulate; type --random-seed 1"
        "--nodes 0", "--nodes must be from 1 to 65000, not 0; type --nodes 16"
        "--nodes 65001", "--nodes must be from 1 to 65000, not 65001; type --nodes 16"
        "--nodes many", "parameter '--nodes' must be followed by <N>, but was 'many'; type --nodes 16"
        "--nodes=", "--nodes needs a value; type --nodes 16"
        "--nodes 5 --nodes 6", "argument '--nodes' has been specified more than once; type --nodes 16"
        "--config", "--config needs a value; type --config lan"
        "--config lam", "--config takes one of lan, wan, simple, local, not 'lam'; type --config lan"
        "--config lan probe-period=fast",
        "--config lan: 'probe-period=fast' cannot be read; type probe-period=1s"
        "--config local probe-rtt=1s",
        "--config local: probe-rtt must be less than probe-period; type probe-rtt=100ms"
        "--loss 101", "'101' is not a percentage from 0 to 100; type --loss 5"
        "--loss -1", "'-1' is not a percentage from 0 to 100; type --loss 5"
        "--loss few", "'few' is not a percentage from 0 to 100; type --loss 5"
        "--latency 5",
        "'5' is not a latency; type --latency 5ms, --latency 1ms..5ms, or median/99th/longest as in --latency 1ms/20ms/100ms"
        "--latency 5ms..1ms",
        "'5ms..1ms' is not a latency; type --latency 5ms, --latency 1ms..5ms, or median/99th/longest as in --latency 1ms/20ms/100ms"
        "--kill", "--kill needs a value; type --kill 1 at 20s"
        "--kill some", "'some' is not a number of members; type --kill 1 at 20s"
        "--kill -1", "'-1' is not a number of members; type --kill 1 at 20s"
        "--kill 1 at soon", "'soon' is not a duration, such as 500ms or 10s; type --kill 1 at 20s"
        "--kill 1 for 3s", unexpected "--kill" "1 at 20s" "for"
        "--kill 1 at 90s", "--kill at 90s is after the end, at 60s; type an earlier time, or more --seconds"
        "--kill 9 --pause 7",
        "--kill, --pause and --partition concern 16 members, but there are 16, and one has to observe them; type --nodes 17"
        "--pause 2 for long", "'long' is not a duration, such as 500ms or 10s; type --pause 2 at 20s for 10s"
        "--pause 2 at 1s at 2s", unexpected "--pause" "2 at 20s for 10s" "at"
        "--partition x", "'x' is not a number of members; type --partition 4 at 20s for 10s"
        "--seconds 0", "--seconds must be from 1 to 2592000, not 0; type --seconds 60"
        "--random-seed -1",
        "parameter '--random-seed' must be followed by <N>, but was '-1'; type --random-seed 1"
        "--runs 0", "--runs must be from 1 to 1000000, not 0; type --runs 10"
        "--threads 0", $"--threads must be from 1 to 1024, not 0; type --threads {Environment.ProcessorCount}"
        "--plot cluster.jpg", "--plot draws SVG or PNG, by the extension of the file; type --plot cluster.svg"
        "--plot nowhere/", "--plot needs the name of a file; type --plot nowhere/swim.svg"
        "--json=1", "--json takes no value; type --json"
        "--scenario nowhere.txt",
        "there is no file nowhere.txt; write one that starts from the output of swim simulate --print"
        "--scenario nowhere.txt --loss 5",
        "--loss and --scenario cannot be combined; leave it out and write it in nowhere.txt, or leave out --scenario"
        "--fraction 0.5", "--fraction needs --experiment; type --experiment swim-paper as well"
        "--results kept.jsonl", "--results needs --experiment; type --experiment swim-paper as well"
        "--markdown", "--markdown needs --experiment; type --experiment swim-paper as well"
        "--experiment swimpaper",
        "--experiment takes one of swim-paper, lifeguard, not 'swimpaper'; type --experiment swim-paper"
        "--experiment lifeguard --nodes 5",
        "--nodes and --experiment cannot be combined, because an experiment has its own scenarios; leave --nodes out"
        "--experiment lifeguard --fraction 2",
        "'2' is not a fraction of the runs, such as 0.05 or 5%; type --fraction 0.05"
        "--experiment lifeguard --fraction 0",
        "'0' is not a fraction of the runs, such as 0.05 or 5%; type --fraction 0.05"
        "--experiment lifeguard --json --markdown",
        "--json and --markdown cannot be combined; leave one of them out"
    ]

let private printed words = (Tool.succeed $"simulate --print {words}").Output

let tests =
    testList
        "simulate, arguments"
        [
            testCase "simulate refuses invalid options in one line that says what to type instead"
            <| fun () ->
                for words, reason in refused do
                    Tool.refuses $"simulate {words}" reason

            testCase "without options simulate crashes one of sixteen members, once they know each other"
            <| fun () ->
                Expect.equal
                    (printed "--random-seed 1")
                    "nodes 16\nconfig lan\nbegin joining within 1s\nnetwork perfect\nlength 60s\nat 20s crash 16\n"
                    "the scenario"

            testCase "simulate turns its options into a scenario in which no member has two faults"
            <| fun () ->
                Expect.equal
                    (printed (
                        "--nodes 20 --config wan probe-rtt=1s --loss 2.5 --latency 1ms/20ms/1s --seconds 90 "
                        + "--kill 2 --kill 1 at 45s --pause 1 at 10s for 5s --partition 3 for 20s --partition 2 at 80s"
                    ))
                    "nodes 20\n\
                     config wan probe-rtt=1s\n\
                     begin joining within 5s\n\
                     network latency 1ms/20ms/1s loss 2.5%\n\
                     length 90s\n\
                     at 10s pause 17 for 5s\n\
                     at 30s crash 19\n\
                     at 30s crash 20\n\
                     at 30s split 14,15,16\n\
                     at 45s crash 18\n\
                     at 50s heal\n\
                     at 80s split 12,13\n"
                    "the scenario"

            testCase "times that are not given follow from the probe period of the preset"
            <| fun () ->
                Expect.stringContains (printed "--config local") "length 12s\nat 4s crash 16" "60 periods"

                Expect.stringContains
                    (printed "--kill 0")
                    "length 60s\n"
                    "nothing happens if that is asked for"

                Expect.isFalse ((printed "--kill 0").Contains "crash") "no crash"

            Tool.testInFolder "a scenario file runs unchanged, and an error in it is reported with its line"
            <| fun folder ->
                let path = folder.File "mine.txt"
                let text = printed "--nodes 7 --config local --pause 2 --loss 1"
                File.WriteAllText(path, "# mine\n" + text)
                Expect.equal (printed $"--scenario {path}") text "read back"

                File.WriteAllText(path, "nodes 3\nlength 5s\nat 1s crash 4\n")

                Tool.refuses
                    $"simulate --scenario {path}"
                    $"{path}, line 3: there is no member 4; type one from 1 to 3, or more nodes"

            Tool.testInFolder
                "simulate refuses a missing folder for --plot and --trace, and an existing file for --trace"
            <| fun folder ->
                let nowhere = Path.Combine(folder.Path, "nowhere")
                let file = folder.File "there"
                File.WriteAllText(file, "")

                for option in [ "--plot"; "--trace" ] do
                    Tool.refuses
                        $"simulate {option} {nowhere}/x.svg"
                        $"there is no folder {nowhere}; create it, or type {option} x.svg"

                Tool.refuses
                    $"simulate --trace {file}"
                    $"{file} exists already; type --trace with the name of a new file, or move that one away"

                Expect.equal (File.ReadAllText file) "" "it is as it was"
        ]
