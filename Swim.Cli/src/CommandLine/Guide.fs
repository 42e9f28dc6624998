namespace Swim.Cli

/// The help of a command: what it does, and examples.
type Guide =
    {
        /// What the command does, above its options.
        About: string
        /// Command lines that work, below its options.
        Examples: string list
        /// How each option is used, for errors about its misuse.
        Usages: (string * string) list
    }

/// The guides of all commands.
[<RequireQualifiedAccess>]
module Guide =

    let private demo =
        {
            About =
                "Runs a cluster of real nodes in this process, over UDP on 127.0.0.1, and shows\n\
                 live how the nodes join, how the others detect a node that is killed and see it\n\
                 come back, how a node leaves, and how one that is cut off is declared down and\n\
                 rejoins under a renewed identity. Takes a few seconds. Exits with 0 only if all\n\
                 of that happened."
            Examples =
                [ "swim demo"; "swim demo --nodes 16"; "swim demo --json | jq .killed_detected_all_ms" ]
            Usages = [ "--nodes", "--nodes 5"; "--json", "--json" ]
        }

    let private agent =
        {
            About =
                "Runs one member of a cluster until SIGINT (Ctrl+C) or SIGTERM, on which it\n\
                 leaves and exits with 0, also in the background of a script. Prints a line when\n\
                 it listens, one with the URL of its dashboard, one for every event, and its\n\
                 statistics at the end."
            Examples =
                [
                    "swim agent --bind 127.0.0.1:7946"
                    "swim agent --bind 127.0.0.1:7947 --join 127.0.0.1:7946"
                    "swim agent --bind 127.0.0.1:7948 --join 127.0.0.1:7946 --record member.swimrec"
                    "swim agent --bind 127.0.0.1:7949 --join 127.0.0.1:7946 --dashboard 127.0.0.1:8080"
                    "swim agent --bind 0.0.0.0:7946 --advertise 10.0.0.2:7946 --join seed.example.org:7946 --json"
                ]
            Usages =
                [
                    "--bind", "--bind 127.0.0.1:7946"
                    "--advertise", "--advertise 10.0.0.2:7946"
                    "--join", "--join 127.0.0.1:7946"
                    "--config", "--config lan"
                    "--nodes", "--nodes 16"
                    "--stats", "--stats 10"
                    "--record", "--record member.swimrec"
                    "--dashboard", "--dashboard 127.0.0.1:8080"
                    "--no-dashboard", "--no-dashboard"
                    "--record-max-bytes", "--record-max-bytes 100000000"
                    "--log-level", "--log-level warning"
                    "--json", "--json"
                ]
        }

    let private members =
        {
            About =
                "Prints what an agent knows of its cluster: each member with its status, its\n\
                 incarnation and the time of its last change."
            Examples =
                [
                    "swim members --agent http://127.0.0.1:8080/"
                    "swim members --agent http://127.0.0.1:8080/ --watch"
                    "swim members --agent http://127.0.0.1:8080/ --json | jq .alive"
                ]
            Usages = [ "--agent", "--agent http://127.0.0.1:8080/"; "--watch", "--watch"; "--json", "--json" ]
        }

    let private leave =
        {
            About =
                "Makes an agent leave its cluster, so that the other members know at once, and\n\
                 exit. The agent's dashboard must be on loopback: elsewhere it is read-only."
            Examples = [ "swim leave --agent http://127.0.0.1:8080/" ]
            Usages = [ "--agent", "--agent http://127.0.0.1:8080/"; "--json", "--json" ]
        }

    let private simulate =
        {
            About =
                "Runs a cluster on a virtual network and clock, many times, and reports how soon\n\
                 it detects a crash, how many false positives there are, and how much it sends.\n\
                 The scenario and a random seed determine a run, on every machine. Checks every\n\
                 step of every member, and judges the cluster once all faults are over; exits\n\
                 with 1 if a check fails, and prints the command that reproduces it."
            Examples =
                [
                    "swim simulate"
                    "swim simulate --nodes 100 --loss 5 --latency 1ms..20ms --plot cluster.svg"
                    "swim simulate --nodes 32 --pause 4 at 20s for 15s --runs 50"
                    "swim simulate --config wan probe-period=2s --json"
                    "swim simulate --print > mine.txt && swim simulate --scenario mine.txt"
                    "swim simulate --runs 1 --trace run.swimrec && swim replay run.swimrec"
                    "swim simulate --experiment swim-paper --fraction 0.05"
                ]
            Usages =
                [
                    "--nodes", "--nodes 16"
                    "--config", "--config lan"
                    "--loss", "--loss 5"
                    "--latency", "--latency 1ms..5ms"
                    "--kill", "--kill 1 at 20s"
                    "--pause", "--pause 2 at 20s for 10s"
                    "--partition", "--partition 4 at 20s for 10s"
                    "--seconds", "--seconds 60"
                    "--scenario", "--scenario mine.txt"
                    "--print", "--print"
                    "--random-seed", "--random-seed 1"
                    "--runs", "--runs 10"
                    "--threads", "--threads 2"
                    "--unchecked", "--unchecked"
                    "--plot", "--plot swim.svg"
                    "--trace", "--trace run.swimrec"
                    "--json", "--json"
                    "--experiment", "--experiment swim-paper"
                    "--fraction", "--fraction 0.05"
                    "--results", "--results results.jsonl"
                    "--markdown", "--markdown"
                ]
        }

    let private replay =
        {
            About =
                "Replays every step of a recording, compares its outcome with the recorded one,\n\
                 and checks all invariants of the protocol. Exits with 0 only if every step is as\n\
                 recorded, no invariant is broken and the file is undamaged. A damaged file is\n\
                 replayed up to the damage."
            Examples =
                [
                    "swim replay member.swimrec"
                    "swim replay run.swimrec --member 3"
                    "swim replay run.swimrec --member 10.0.0.1:3 --step"
                    "swim replay run.swimrec --until 5000 --to-test case.swimrec"
                ]
            Usages =
                [
                    "FILE", "swim replay member.swimrec"
                    "--member", "--member 3"
                    "--step", "--step"
                    "--until", "--until 1000"
                    "--to-test", "--to-test case.swimrec"
                    "--json", "--json"
                ]
        }

    /// The guide of `swim` itself.
    let root =
        {
            About =
                "Cluster membership by SWIM: each member knows which other members are alive, and\n\
                 learns within seconds which ones joined, left or crashed."
            Examples =
                [ "swim demo"; "swim agent --bind 127.0.0.1:7946"; "swim simulate --nodes 50 --loss 5" ]
            Usages = [ "--version", "--version" ]
        }

    let private all =
        Map
            [
                "demo", demo
                "agent", agent
                "members", members
                "leave", leave
                "simulate", simulate
                "replay", replay
            ]

    /// The guide of the command of that name; that of `swim` itself for any other.
    let find (command: string) : Guide = Map.tryFind command all |> Option.defaultValue root
