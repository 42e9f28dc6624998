namespace Swim.Simulation

open System

/// What a scenario does to a member or to the network. Members are numbered from 1.
[<RequireQualifiedAccess>]
type ScenarioAction =
    /// The process ends without sending anything.
    | Crash of node: int
    /// The process starts again under a newer identity (R12.12) and joins as it did at first.
    | Restart of node: int
    /// The process starts again under the identity that it had: an operator's mistake.
    | RestartSame of node: int
    /// For that long the member's packets wait in both directions, and then all move at once. Its timers keep
    /// running. The anomaly of the Lifeguard paper (section 5).
    | Pause of node: int * TimeSpan
    /// For that long the whole process stands still, timers included.
    | Freeze of node: int * TimeSpan
    /// The member's clock runs at this rate, in parts per million of the true one.
    | Drift of node: int * rate: int
    /// From now on each timer of the member fires up to that much late.
    | SlowTimers of node: int * TimeSpan
    /// The member leaves (R6.1).
    | Leave of node: int
    /// The member continues under its next generation (R6.2).
    | ChangeIdentity of node: int
    /// The member reuses its Down identity (R6.3) and joins again.
    | Reuse of node: int
    /// The member continues with this many transmissions of each update (R10.2).
    | SetTransmissions of node: int * int
    /// The member continues with packets of at most so many bytes (R10.2).
    | SetPacketSize of node: int * int
    /// The member broadcasts a new version of the value of a key, `size` bytes long (R8.7).
    | Put of node: int * key: int * size: int
    /// The member sends an Announce to another (R8.1).
    | Announce of node: int * destination: int
    /// The member gossips its pending updates (R8.2).
    | Gossip of node: int
    /// The member sends its pending custom broadcasts (R8.3).
    | Broadcast of node: int
    /// Packets between groups are lost. Members that no group names form one more group.
    | Split of groups: int list list
    /// Packets from these members to those are lost, but not in the other direction.
    | Cut of from: int list * towards: int list
    /// Ends all splits, cuts and special links.
    | Heal
    /// From now on the network has this quality.
    | Network of Quality
    /// From now on this link, in this direction, has this quality.
    | Link of from: int * towards: int * Quality

[<RequireQualifiedAccess>]
module ScenarioAction =

    /// The members that an action names.
    let nodesOf (action: ScenarioAction) : int list =
        match action with
        | ScenarioAction.Crash node
        | ScenarioAction.Restart node
        | ScenarioAction.RestartSame node
        | ScenarioAction.Pause(node, _)
        | ScenarioAction.Freeze(node, _)
        | ScenarioAction.Drift(node, _)
        | ScenarioAction.SlowTimers(node, _)
        | ScenarioAction.Leave node
        | ScenarioAction.ChangeIdentity node
        | ScenarioAction.Reuse node
        | ScenarioAction.SetTransmissions(node, _)
        | ScenarioAction.SetPacketSize(node, _)
        | ScenarioAction.Put(node, _, _)
        | ScenarioAction.Gossip node
        | ScenarioAction.Broadcast node -> [ node ]
        | ScenarioAction.Announce(node, other) -> [ node; other ]
        | ScenarioAction.Split groups -> List.concat groups
        | ScenarioAction.Cut(from, towards) -> from @ towards
        | ScenarioAction.Heal
        | ScenarioAction.Network _ -> []
        | ScenarioAction.Link(from, towards, _) -> [ from; towards ]

    /// Whether an action is a call by the member's own process, which a frozen process cannot make.
    let isCallOfProcess (action: ScenarioAction) : bool =
        match action with
        | ScenarioAction.Leave _
        | ScenarioAction.ChangeIdentity _
        | ScenarioAction.Reuse _
        | ScenarioAction.SetTransmissions _
        | ScenarioAction.SetPacketSize _
        | ScenarioAction.Put _
        | ScenarioAction.Announce _
        | ScenarioAction.Gossip _
        | ScenarioAction.Broadcast _ -> true
        | _ -> false
