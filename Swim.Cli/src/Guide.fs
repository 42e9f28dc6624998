namespace Swim.Cli

/// What a command does, in words and by example.
type Guide =
    {
        /// What the command does, above its options.
        About: string
        /// Command lines that work, below its options.
        Examples: string list
        /// How each option is used, for messages about its misuse.
        Usages: (string * string) list
    }

/// The guides of all commands.
[<RequireQualifiedAccess>]
module Guide =

    let private demo =
        {
            About =
                "Runs a cluster of real nodes in this process, over UDP on 127.0.0.1, and shows\n\
                 as it happens how all join, how a node that is killed is detected and comes\n\
                 back, how one leaves, and how one that is cut off is declared down and heals\n\
                 under a renewed identity. Takes a few seconds. Exits with 0 only if all of that\n\
                 happened."
            Examples =
                [ "swim demo"; "swim demo --nodes 16"; "swim demo --json | jq .killed_detected_all_ms" ]
            Usages = [ "--nodes", "--nodes 5"; "--json", "--json" ]
        }

    let private agent =
        {
            About =
                "Runs one member of a cluster until SIGINT (Ctrl+C) or SIGTERM, on which it\n\
                 leaves and exits with 0. Prints a line when it listens, one for every change\n\
                 that it notices, and its statistics at the end."
            Examples =
                [
                    "swim agent --bind 127.0.0.1:7946"
                    "swim agent --bind 127.0.0.1:7947 --join 127.0.0.1:7946"
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
                    "--log-level", "--log-level warning"
                    "--json", "--json"
                ]
        }

    /// The guide of `swim` itself.
    let root =
        {
            About =
                "Cluster membership by SWIM: each member knows which others are alive, and\n\
                 learns within seconds who joined, left or crashed."
            Examples = [ "swim demo"; "swim agent --bind 127.0.0.1:7946" ]
            Usages = [ "--version", "--version" ]
        }

    let private all = Map [ "demo", demo; "agent", agent ]

    /// The guide of the command of that name; that of `swim` itself for any other.
    let find (command: string) : Guide = Map.tryFind command all |> Option.defaultValue root
