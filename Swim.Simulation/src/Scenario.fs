namespace Swim.Simulation

open System

/// Something that is done to a member, or to the network. Members are numbered from 1.
[<RequireQualifiedAccess>]
type Deed =
    /// The process ends without a word.
    | Crash of node: int
    /// The process starts again, as a newer identity (R12.12), and joins as it did at first.
    | Restart of node: int
    /// The same, but as the identity that it had: what an operator must not do, and does.
    | RestartSame of node: int
    /// Nothing that it sends gets out and nothing that others send gets in, for that long; then all at
    /// once. Its timers run on. The anomaly of the Lifeguard paper (section 5).
    | Pause of node: int * TimeSpan
    /// The whole process stands still for that long: its timers too.
    | Freeze of node: int * TimeSpan
    /// Its clock runs at this rate, in parts per million of the true one.
    | Drift of node: int * rate: int
    /// From now on each of its timers is up to that late.
    | SlowTimers of node: int * TimeSpan
    /// R6.1.
    | Leave of node: int
    /// R6.2: goes on as its next generation.
    | ChangeIdentity of node: int
    /// R6.3, and then joins again.
    | Reuse of node: int
    /// R10.2: goes on with this many transmissions of each update.
    | SetTransmissions of node: int * int
    /// R10.2: goes on with packets of at most so many bytes.
    | SetPacketSize of node: int * int
    /// Puts a new version of the value of a key, that many bytes long (R8.7).
    | Put of node: int * key: int * size: int
    /// Announces to that member (R8.1).
    | Announce of node: int * destination: int
    /// Sends what waits (R8.2).
    | Gossip of node: int
    /// Sends the custom broadcasts that wait (R8.3).
    | Broadcast of node: int
    /// Packets between groups are lost; members that are in none are in the last.
    | Split of groups: int list list
    /// Packets from these to those are lost, but not the other way.
    | Cut of from: int list * towards: int list
    /// All links are as the network is, and nothing is split or cut.
    | Heal
    /// From now on the network is like this.
    | Network of Quality
    /// From now on this one link, in this direction, is like this.
    | Link of from: int * towards: int * Quality

/// How the members of a scenario begin.
type Beginning =
    /// All start at once and join through the first two.
    | Joining
    /// The first two start at once, each other one at some time within that long, and they join through the
    /// first two. As real members do: those that start at once probe in step, and notice in step.
    | JoiningWithin of TimeSpan
    /// Everyone knows everyone.
    | Joined

/// What happens to a cluster. A value: it can be written, printed, read back and made smaller. Together
/// with a seed it says everything about a run.
type Scenario =
    {
        /// How many members there are.
        Nodes: int
        /// The parameters of all members.
        Config: Swim.Core.Config
        Beginning: Beginning
        /// The network at the start.
        Quality: Quality
        /// What is done, and how long after the start. In the order of time.
        Deeds: (TimeSpan * Deed) list
        /// How long things happen. Then all faults end, and the cluster has time to settle.
        Length: TimeSpan
    }

[<RequireQualifiedAccess>]
module Scenario =

    /// A scenario in which nothing happens but that members join.
    let quiet (nodes: int) (config: Swim.Core.Config) (length: TimeSpan) : Scenario =
        {
            Nodes = nodes
            Config = config
            Beginning = Joining
            Quality = Quality.perfect
            Deeds = []
            Length = length
        }

    /// Whom a member joins through: the first two.
    let seedsOf (node: int) : int list =
        match node with
        | 1 -> [ 2 ]
        | 2 -> [ 1 ]
        | _ -> [ 1; 2 ]

    /// The same with these deeds.
    let withDeeds (deeds: (TimeSpan * Deed) list) (scenario: Scenario) : Scenario =
        { scenario with Deeds = List.sortBy fst deeds }

    /// The members that a deed names.
    let nodesOf (deed: Deed) : int list =
        match deed with
        | Deed.Crash node
        | Deed.Restart node
        | Deed.RestartSame node
        | Deed.Pause(node, _)
        | Deed.Freeze(node, _)
        | Deed.Drift(node, _)
        | Deed.SlowTimers(node, _)
        | Deed.Leave node
        | Deed.ChangeIdentity node
        | Deed.Reuse node
        | Deed.SetTransmissions(node, _)
        | Deed.SetPacketSize(node, _)
        | Deed.Put(node, _, _)
        | Deed.Gossip node
        | Deed.Broadcast node -> [ node ]
        | Deed.Announce(node, other) -> [ node; other ]
        | Deed.Split groups -> List.concat groups
        | Deed.Cut(from, towards) -> from @ towards
        | Deed.Heal
        | Deed.Network _ -> []
        | Deed.Link(from, towards, _) -> [ from; towards ]

    /// Whether a deed is a call of the member's own process, which a process that stands still cannot make.
    let isCallers (deed: Deed) : bool =
        match deed with
        | Deed.Leave _
        | Deed.ChangeIdentity _
        | Deed.Reuse _
        | Deed.SetTransmissions _
        | Deed.SetPacketSize _
        | Deed.Put _
        | Deed.Announce _
        | Deed.Gossip _
        | Deed.Broadcast _ -> true
        | _ -> false

    /// What is wrong with a scenario, in words; none if it can be run.
    let faults (scenario: Scenario) : string list =
        let isMember node = node >= 1 && node <= scenario.Nodes

        [
            if scenario.Nodes < 1 || scenario.Nodes > 65_000 then
                "nodes must be from 1 to 65000"
            if scenario.Length <= TimeSpan.Zero || scenario.Length > TimeSpan.FromDays 30.0 then
                "the length must be more than zero and at most 30 days"
            for fault in Swim.Core.Config.faults scenario.Config do
                $"{fault.Field} {fault.Bound}"
            match scenario.Beginning with
            | JoiningWithin most when most < TimeSpan.Zero || most > scenario.Length ->
                $"members must start within the scenario's {scenario.Length}"
            | _ -> ()
            for time, deed in scenario.Deeds do
                if time < TimeSpan.Zero || time > scenario.Length then
                    $"{deed} is not within the scenario's {scenario.Length}"

                for node in nodesOf deed do
                    if not (isMember node) then
                        $"{deed} names member {node}, but they are 1 to {scenario.Nodes}"
        ]
