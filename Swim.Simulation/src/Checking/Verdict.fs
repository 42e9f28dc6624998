namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// What a cluster promises once all faults are over and it had time to settle.
[<RequireQualifiedAccess>]
module Verdict =

    /// How long a cluster of this size may take to settle. Each member is probed within 2n - 1 periods
    /// (R7.1), each suspicion must expire, and members announce to each Down member periodically (R8.4).
    let settleTime (config: SwimConfig) (nodes: int) : TimeSpan =
        let probing = config.ProbePeriod.Ticks * int64 (2 * nodes)

        let announcingToDown =
            match config.PeriodicAnnounceToDown with
            | Every periodic -> periodic.Frequency.Ticks * int64 (10 + 4 * nodes / max 1 periodic.Members)
            | Off -> 0L

        // A member that only others know is learned of through their feeds.
        let feeding =
            match config.PeriodicAnnounce with
            | Every periodic -> periodic.Frequency.Ticks * int64 (4 + nodes)
            | Off -> 0L

        let joining = Seeds.longestWait.Ticks

        TimeSpan.FromTicks(
            3L * (probing + config.SuspectToDownAfter.Ticks) + announcingToDown + feeding + joining
        )

    /// Whether members with this configuration re-admit every member that was wrongly declared Down.
    let heals (config: SwimConfig) : bool =
        config.PeriodicAnnounceToDown.HasValue
        && config.PeriodicAnnounce.HasValue
        && config.NotifyDownMembers

    /// Whether they do until that time. A member does not announce to one that it forgot.
    let healsUntil (config: SwimConfig) (at: TimeSpan) : bool = heals config && config.RemoveDownAfter > at

    let private failure property node at detail : Failure =
        { Property = property; At = at; Node = node; Detail = detail }

    /// Whether the member was declared Down and cannot renew its identity, so that only being forgotten lets
    /// it come back (R5.3).
    let private isLost (node: Node<'Id>) =
        node.State.Connection = ConnectionState.Defunct
        && (node.Rules.Identities.Renew node.State.Identity).IsNone

    /// Whether the member takes part: other live members should know it, and it should know them.
    let isLive (node: Node<'Id>) : bool = node.IsRunning && not node.HasLeft && not (isLost node)

    /// Which members could find each other: those of which one knows the other's address, directly or through
    /// others, and those that still ask a live seed. By member number, the number of the component. Members
    /// of different components cannot become one cluster.
    let private components (scheme: IdentityScheme<'Id>) (nodes: Node<'Id>[]) : int[] =
        let parent = Array.init (nodes.Length + 1) id

        let rec root number =
            if parent[number] = number then
                number
            else
                parent[number] <- parent[parent[number]]
                root parent[number]

        let join number other =
            if other >= 1 && other <= nodes.Length && isLive nodes[other - 1] then
                parent[root number] <- root other

        for node in nodes do
            if isLive node then
                for record in State.allMembers node.State do
                    join node.Number (scheme.NodeOf record.Identity)

                if node.IsAsking then
                    for seed in Seeds.ofMember node.Number do
                        join node.Number seed

        Array.init parent.Length root

    let private aboutViews
        (scheme: IdentityScheme<'Id>)
        (config: SwimConfig)
        (nodes: Node<'Id>[])
        (at: TimeSpan)
        =
        let live = nodes |> Array.filter isLive
        let current = HashSet<'Id>(live |> Seq.map _.State.Identity)
        let components = lazy (components scheme nodes)

        let mayFind (node: Node<'Id>) other = components.Value[node.Number] = components.Value[other]

        let isAlone (node: Node<'Id>) =
            live
            |> Array.forall (fun other -> other.Number = node.Number || not (mayFind node other.Number))

        let isPromised = healsUntil config at

        [
            for node in live do
                let active = HashSet<'Id>(State.activeMembers node.State |> Seq.map _.Identity)

                for identity in active do
                    if not (current.Contains identity) then
                        failure
                            "Completeness"
                            node.Number
                            at
                            $"{identity} is no live member, but is active here."

                if isPromised then
                    for identity in current do
                        let other = scheme.NodeOf identity

                        if other <> node.Number && not (active.Contains identity) && mayFind node other then
                            failure "Agreement" node.Number at $"{identity} is live, but is not active here."

                    match node.State.Connection with
                    | ConnectionState.Active -> ()
                    | ConnectionState.Idle when isAlone node -> ()
                    | other -> failure "Recovery" node.Number at $"The member is live, but is {other}."
        ]

    /// Whether every custom broadcast fits into a packet without updates. A larger one stays pending until
    /// the caller broadcasts, or without end if packets became smaller meanwhile (decision 14).
    let private broadcastsFit (node: Node<'Id>) =
        let header =
            {
                Source = node.State.Identity
                SourceIncarnation = 0us
                Destination = node.State.Identity
                Kind =
                    (if node.Rules.Config.PeriodicGossip.HasValue then
                         MessageKind.Gossip
                     else
                         MessageKind.Ack)
                Named = Unchecked.defaultof<'Id>
                ProbeNumber = 0u
                Health = 0uy
            }

        node.Rules.Sizes.HeaderSize &header
        + Rules.UpdatesOverhead
        + Rules.BroadcastOverhead
        + node.Values.LargestPayload
        <= node.Rules.Config.MaxPacketSize

    // Members learn anew of a member that left and was forgotten when it answers an Announce.
    let private aboutMemory (config: SwimConfig) (nodes: Node<'Id>[]) (at: TimeSpan) =
        let isPromised = config.RemoveDownAfter > at

        [
            for node in nodes do
                if isLive node then
                    let state = node.State

                    if state.Members.Count > nodes.Length then
                        failure
                            "BoundedMemory"
                            node.Number
                            at
                            $"The member has {state.Members.Count} records of {nodes.Length} addresses."

                    if isPromised && state.Members.ActiveCount > 0 && state.Updates.Count > 0 then
                        failure "BoundedMemory" node.Number at $"{state.Updates.Count} updates stay pending."

                    if state.Members.ActiveCount > 0 && state.Broadcasts.Count > 0 && broadcastsFit node then
                        failure
                            "BoundedMemory"
                            node.Number
                            at
                            $"{state.Broadcasts.Count} broadcasts stay pending."
        ]

    /// Whether all views are as they must be in the end, and nothing is pending that could change them.
    let isCalm (scheme: IdentityScheme<'Id>) (config: SwimConfig) (nodes: Node<'Id>[]) (at: TimeSpan) : bool =
        let suspects (node: Node<'Id>) =
            State.activeMembers node.State
            |> Seq.exists (fun known -> known.Status = MemberStatus.Suspect)

        not (nodes |> Array.exists (fun node -> isLive node && suspects node))
        && List.isEmpty (aboutMemory config nodes at)
        && List.isEmpty (aboutViews scheme config nodes at)

    // The packets per second that a member of a calm cluster causes, with the answers.
    let private steadyRate (config: SwimConfig) =
        let perSecond (setting: Nullable<PeriodicSetting>) packets =
            match setting with
            | Every periodic -> packets * float periodic.Members / periodic.Frequency.TotalSeconds
            | Off -> 0.0

        let probing = 2.0 / config.ProbePeriod.TotalSeconds

        probing
        + perSecond config.PeriodicAnnounce 2.0
        + perSecond config.PeriodicAnnounceToDown 2.0

    // While a broadcast is pending that fits into no gossip, each gossip period sends packets.
    let private gossipRate (config: SwimConfig) (nodes: Node<'Id>[]) =
        let gossipsInVain (node: Node<'Id>) = node.State.Broadcasts.Count > 0 && not (broadcastsFit node)

        match config.PeriodicGossip with
        | Every periodic when Array.exists gossipsInVain nodes ->
            float periodic.Members / periodic.Frequency.TotalSeconds
        | _ -> 0.0

    let private aboutStorms (config: SwimConfig) (nodes: Node<'Id>[]) at (sent: int64) (window: TimeSpan) =
        // Members that left answer too. A storm is a hundred times the steady rate, so twice that rate and a
        // few packets are no storm.
        let running = nodes |> Array.filter _.IsRunning |> Array.length
        let rate = steadyRate config + gossipRate config nodes
        let bound = 2.0 * float running * (rate * window.TotalSeconds + 10.0)

        if float sent > bound then
            [
                failure
                    "NoStorm"
                    0
                    at
                    $"{sent} packets were sent in {window.TotalSeconds:F1} s; {bound:F0} are expected at most."
            ]
        else
            []

    /// All failures at the end of a run. `sent` packets were sent in the last `window`.
    let failures scheme (config: SwimConfig) (nodes: Node<'Id>[]) (at: TimeSpan) sent window : Failure list =
        aboutViews scheme config nodes at
        @ aboutMemory config nodes at
        @ aboutStorms config nodes at sent window
