namespace Swim.Cli

open Argu

// A command is a union here, a case of CommandArgument, a guide in Guide.fs, and a room with the file that runs it.

/// `swim demo`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type DemoArgument =
    | [<Unique>] Nodes of N: int
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Nodes _ -> "how many nodes, from 3 to 64; 5 if not given"
            | Json -> "print only one JSON object, with the measured times in milliseconds"

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
            | Bind _ -> "the address to listen on; port 0 takes a free one. Write IPv6 as [::1]:7946"
            | Advertise _ ->
                "the address at which other members reach this one, if it is not the one it listens on: behind "
                + "NAT, in a container, or when listening on 0.0.0.0"
            | Join _ ->
                "the seeds: members to join through, by address or name; one that answers is enough. Without "
                + "any, this member starts a cluster"
            | Config _ ->
                "the parameters of the protocol, the same for all members: lan, wan, simple (the paper's) or "
                + "local (one machine); lan if not given"
            | Nodes _ ->
                "the expected number of members, from 1 to 1000000, for lan, wan and local; 16 if not given"
            | Stats _ -> "print the statistics at this interval, from 1 to 86400 seconds; never if not given"
            | Record _ ->
                "record every input of this member in a new file, so that it can be replayed; without "
                + "--record-max-bytes the file grows without a bound"
            | Dashboard _ ->
                "the address to serve the dashboard on, a page to open in a browser; 127.0.0.1:0, a free port that "
                + "is printed, if not given. On loopback it can make this member leave, elsewhere it is read-only"
            | NoDashboard -> "serve no dashboard"
            | RecordMaxBytes _ ->
                "how many bytes of recordings to keep, at least 65536: at half of that, FILE is renamed to FILE.1, "
                + "replacing an older one, and a new FILE continues the recording"
            | LogLevel _ ->
                "the lowest level to log to stderr: trace, debug, information, warning, error, critical or none; "
                + "warning if not given"
            | Json -> "print one JSON object per line instead of text"

/// `swim members`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type MembersArgument =
    | [<Mandatory; Unique>] Agent of URL: string
    | [<Unique>] Watch
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Agent _ -> "the URL of a member's dashboard, as swim agent printed it"
            | Watch -> "then print one line for each event, until Ctrl+C"
            | Json -> "print JSON instead of text: one object, or one per line with --watch"

/// `swim leave`.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type LeaveArgument =
    | [<Mandatory; Unique>] Agent of URL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Agent _ -> "the URL of the dashboard of the member that is to leave, as swim agent printed it"
            | Json -> "print one JSON object instead of text"

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
    | [<Unique; CustomCommandLine "--random-seed">] RandomSeed of N: uint64
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
                "the parameters of the protocol: lan, wan, simple (the paper's) or local (one machine), followed by "
                + "what differs, as in lan probe-period=500ms; lan if not given"
            | Loss _ -> "the percentage of packets that are lost; 0 if not given"
            | Latency _ ->
                "how long a packet takes: 5ms, 1ms..5ms, or median/99th/longest as in 1ms/20ms/100ms; "
                + "100us..500us if not given"
            | Kill _ ->
                "how many members crash, and when: 2 at 20s. If no option causes a fault, one member crashes after "
                + "a third of the time"
            | Pause _ ->
                "how many members can neither send nor receive for a while, and then receive all that arrived "
                + "meanwhile: 2 at 20s for 10s"
            | Partition _ ->
                "how many members a partition separates from the others for a while: 4 at 20s for 10s"
            | Seconds _ ->
                "the length of a run in virtual time, from 1 to 2592000; 60 probe periods if not given"
            | Scenario _ -> "a file with all of the above and more, in the format that --print prints"
            | Print -> "print the scenario, and run nothing"
            | RandomSeed _ ->
                "the random seed of the first run; each later run takes the next number. 1 if not given"
            | Runs _ -> "how many runs, from 1 to 1000000; 10 if not given"
            | Threads _ -> "how many runs to make in parallel; the number of cores if not given"
            | Unchecked -> "skip the checks of every step and of the cluster at the end; faster"
            | Plot _ ->
                "draw when outages are detected, how the updates spread and what is sent: FILE.svg or FILE.png"
            | Trace _ -> "record every step of every member of the first run in a new file, for swim replay"
            | Json -> "print only one JSON object, the same for the same scenario and random seeds"
            | Experiment _ -> "reproduce the experiment of a paper: swim-paper or lifeguard"
            | Fraction _ -> "the fraction of the experiment's runs to make, such as 0.05; 1 if not given"
            | Results _ ->
                "keep the results of the experiment in a file, from which an interrupted one continues"
            | Markdown -> "print the tables of the experiment in Markdown"

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
                "print the timeline of one member, given by number, address or identity: its inputs, its effects and "
                + "the changes in its view"
            | Step ->
                "go through it step by step: Enter for the next, a number for that many, b to go back, q to quit"
            | Until _ ->
                "stop after that entry, as if the recording ended there; the timeline shows the numbers"
            | ToTest _ ->
                "write the replay, with the effects that this version computes, to a new file: a case for the suite, "
                + "which replays all of spec/vectors/recordings"
            | Json -> "print JSON instead of text: one object, or one per line with --member"

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
            | Demo _ -> "watch a cluster on this machine form, lose members and heal"
            | Agent _ -> "run one member of a cluster"
            | Members _ -> "print the members that an agent knows"
            | Leave _ -> "make an agent leave its cluster and exit"
            | Simulate _ -> "measure what a cluster would do, on a virtual network with faults"
            | Replay _ -> "replay a recording, check every step, and show what its members saw"
            | Version -> "print the version"
