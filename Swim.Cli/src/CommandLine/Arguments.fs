namespace Swim.Cli

open Argu

// Each command is one union here, a case of Command, a guide in Guide.fs, and a file that runs it.

/// `swim demo`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type DemoArgument =
    | [<Unique>] Nodes of N: int
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Nodes _ -> "how many nodes, from 3 to 64; 5 if not given"
            | Json -> "print nothing but one JSON object with the measured times in milliseconds"

/// `swim agent`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type AgentArgument =
    | [<Mandatory; Unique>] Bind of ``ADDRESS:PORT``: string
    | [<Unique>] Advertise of ``ADDRESS:PORT``: string
    | Join of ``HOST:PORT``: string list
    | [<Unique>] Config of NAME: string
    | [<Unique>] Nodes of N: int
    | [<Unique>] Stats of SECONDS: int
    | [<Unique>] Record of FILE: string
    | [<Unique>] Dashboard of ``ADDRESS:PORT``: string
    | [<Unique; CustomCommandLine "--no-dashboard">] NoDashboard
    | [<Unique; CustomCommandLine "--record-max-bytes">] RecordMaxBytes of BYTES: int64
    | [<Unique; CustomCommandLine "--log-level">] LogLevel of LEVEL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Bind _ -> "where to listen; port 0 takes a free one. Write IPv6 as [::1]:7946"
            | Advertise _ ->
                "where others reach this member, if that is not where it listens: behind NAT, in a "
                + "container, or when listening on 0.0.0.0"
            | Join _ ->
                "members to join through, by address or name; one that answers is enough. None starts a "
                + "cluster"
            | Config _ ->
                "the parameters of the protocol, the same for all members: lan, wan, simple (the paper's) or "
                + "local (one machine); lan if not given"
            | Nodes _ ->
                "the expected number of members, from 1 to 1000000, for lan, wan and local; 16 if not given"
            | Stats _ -> "print the statistics that often, every 1 to 86400 seconds; never if not given"
            | Record _ ->
                "record all that this member is told in a new file, so that it can be replayed; it grows "
                + "without a bound if none is given. Never if not given"
            | Dashboard _ ->
                "where to serve the dashboard, a page to open in a browser; 127.0.0.1:0, a free port that is "
                + "printed, if not given. On loopback it can make this member leave, elsewhere it is read-only"
            | NoDashboard -> "serve no dashboard"
            | RecordMaxBytes _ ->
                "how many bytes of recordings to keep, from 65536: when FILE is half of that, it becomes FILE.1, in "
                + "the place of an older one, and a new FILE goes on"
            | LogLevel _ ->
                "what to log to stderr: trace, debug, information, warning, error, critical or none; warning "
                + "if not given"
            | Json -> "print one JSON object per line in the place of text"

/// `swim members`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type MembersArgument =
    | [<Mandatory; Unique>] Agent of URL: string
    | [<Unique>] Watch
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Agent _ -> "the dashboard of a member, as swim agent printed it"
            | Watch -> "go on with one line for each change, until Ctrl+C"
            | Json -> "print JSON in the place of text: one object, and one per line with --watch"

/// `swim leave`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type LeaveArgument =
    | [<Mandatory; Unique>] Agent of URL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Agent _ -> "the dashboard of the member that is to leave, as swim agent printed it"
            | Json -> "print one JSON object in the place of text"

/// `swim simulate`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type SimulateArgument =
    | [<Unique>] Nodes of N: int
    | [<Unique>] Config of NAME: string list
    | [<Unique>] Loss of PERCENT: string
    | [<Unique>] Latency of TIME: string
    | Kill of COUNT: string list
    | Pause of COUNT: string list
    | Partition of COUNT: string list
    | [<Unique>] Seconds of N: int
    | [<Unique>] Scenario of FILE: string
    | [<Unique>] Print
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Runs of N: int
    | [<Unique>] Threads of N: int
    | [<Unique>] Unchecked
    | [<Unique>] Plot of FILE: string
    | [<Unique>] Trace of FILE: string
    | [<Unique>] Json
    | [<Unique>] Experiment of NAME: string
    | [<Unique>] Fraction of PART: string
    | [<Unique>] Results of FILE: string
    | [<Unique>] Markdown

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Nodes _ -> "how many members, from 1 to 65000; 16 if not given"
            | Config _ ->
                "the parameters of the protocol: lan, wan, simple (the paper's) or local (one machine), and what "
                + "differs from it, as in lan probe-period=500ms; lan if not given"
            | Loss _ -> "how many of 100 packets are lost; 0 if not given"
            | Latency _ ->
                "how long packets are under way: 5ms, 1ms..5ms, or median/99th/longest as in 1ms/20ms/100ms; "
                + "100us..500us if not given"
            | Kill _ ->
                "how many members crash, and when: 2 at 20s; one, after a third of the time, if no option says "
                + "that anything happens"
            | Pause _ ->
                "how many members can neither send nor receive for a while, and then have all at once: "
                + "2 at 20s for 10s"
            | Partition _ -> "how many members are cut off from the others for a while: 4 at 20s for 10s"
            | Seconds _ ->
                "how long a run is in the cluster's time, from 1 to 2592000; 60 probe periods if not given"
            | Scenario _ -> "a file that says all of the above, as --print prints it, and more"
            | Print -> "print the scenario and make no run"
            | Seed _ -> "the seed of the first run; the others have those that follow. 1 if not given"
            | Runs _ -> "how many runs, from 1 to 1000000; 10 if not given"
            | Threads _ -> "how many runs to make at a time; as many as there are cores if not given"
            | Unchecked -> "check no invariant and do not judge the cluster at the end; faster"
            | Plot _ ->
                "draw when crashes are detected, how the news spreads and what is sent: FILE.svg or FILE.png"
            | Trace _ -> "record every step of every member in the first run in a new file, for swim replay"
            | Json -> "print nothing but one JSON object, the same for the same seeds"
            | Experiment _ -> "make an experiment of a paper: swim-paper or lifeguard"
            | Fraction _ -> "which part of the experiment's runs to make, such as 0.05; 1 if not given"
            | Results _ -> "keep the experiment's runs in a file, to go on from there when it was broken off"
            | Markdown -> "print the experiment's tables in Markdown"

/// `swim replay`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type ReplayArgument =
    | [<MainCommand; Unique>] File of FILE: string
    | [<Unique>] Member of NAME: string
    | [<Unique>] Step
    | [<Unique>] Until of ENTRY: int64
    | [<Unique; CustomCommandLine "--to-test">] ToTest of FILE: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | File _ -> "a recording, from swim agent --record or swim simulate --trace"
            | Member _ ->
                "print what one member was told, what it did, and what changed in its view: its number, "
                + "address or identity"
            | Step -> "go through it step by step: Enter goes on, a number goes that far, b back, q ends"
            | Until _ ->
                "end after that entry, as if the recording did; the timeline has the numbers of entries"
            | ToTest _ ->
                "write what was replayed, as this version does it, to a new file: a case for the suite, which "
                + "replays all that is in spec/vectors/recordings"
            | Json -> "print JSON in the place of text: one object, or one per line with --member"

/// The command line.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type CommandArgument =
    | [<CliPrefix(CliPrefix.None)>] Demo of ParseResults<DemoArgument>
    | [<CliPrefix(CliPrefix.None)>] Agent of ParseResults<AgentArgument>
    | [<CliPrefix(CliPrefix.None)>] Members of ParseResults<MembersArgument>
    | [<CliPrefix(CliPrefix.None)>] Leave of ParseResults<LeaveArgument>
    | [<CliPrefix(CliPrefix.None)>] Simulate of ParseResults<SimulateArgument>
    | [<CliPrefix(CliPrefix.None)>] Replay of ParseResults<ReplayArgument>
    | [<Unique>] Version

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Demo _ -> "watch a cluster on this machine join, lose members and heal"
            | Agent _ -> "run one member of a cluster"
            | Members _ -> "print the members that an agent knows"
            | Leave _ -> "make an agent leave its cluster and end"
            | Simulate _ -> "see what a cluster would do, on a virtual network with faults"
            | Replay _ -> "run a recording again, check it, and look at its members"
            | Version -> "print the version"
