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
            | LogLevel _ ->
                "what to log to stderr: trace, debug, information, warning, error, critical or none; warning "
                + "if not given"
            | Json -> "print one JSON object per line in the place of text"

/// The command line.
[<HelpFlags("--help", "-h"); HelpDescription "show this help">]
type CommandArgument =
    | [<CliPrefix(CliPrefix.None)>] Demo of ParseResults<DemoArgument>
    | [<CliPrefix(CliPrefix.None)>] Agent of ParseResults<AgentArgument>
    | [<Unique>] Version

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Demo _ -> "watch a cluster on this machine join, lose members and heal"
            | Agent _ -> "run one member of a cluster"
            | Version -> "print the version"
