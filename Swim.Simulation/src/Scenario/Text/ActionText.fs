namespace Swim.Simulation

open System

/// Actions in the text of a scenario, as in `pause 2 for 3s`.
[<RequireQualifiedAccess>]
module ActionText =

    /// An action as text.
    let print (action: ScenarioAction) : string =
        match action with
        | ScenarioAction.Crash node -> $"crash {node}"
        | ScenarioAction.Restart node -> $"restart {node}"
        | ScenarioAction.RestartSame node -> $"restart-same {node}"
        | ScenarioAction.Pause(node, length) -> $"pause {node} for {ValueText.duration length}"
        | ScenarioAction.Freeze(node, length) -> $"freeze {node} for {ValueText.duration length}"
        | ScenarioAction.Drift(node, rate) -> $"drift {node} to {ValueText.percent rate}"
        | ScenarioAction.SlowTimers(node, most) -> $"slow-timers {node} by {ValueText.duration most}"
        | ScenarioAction.Leave node -> $"leave {node}"
        | ScenarioAction.ChangeIdentity node -> $"change-identity {node}"
        | ScenarioAction.Reuse node -> $"reuse {node}"
        | ScenarioAction.SetTransmissions(node, count) -> $"transmissions {node} to {count}"
        | ScenarioAction.SetPacketSize(node, bytes) -> $"packet-size {node} to {bytes}"
        | ScenarioAction.Put(node, key, size) -> $"put {node} key {key} size {size}"
        | ScenarioAction.Announce(node, destination) -> $"announce {node} to {destination}"
        | ScenarioAction.Gossip node -> $"gossip {node}"
        | ScenarioAction.Broadcast node -> $"broadcast {node}"
        | ScenarioAction.Split [] -> "split everyone"
        | ScenarioAction.Split groups ->
            let groups = groups |> List.map ValueText.nodes |> String.concat " | "
            $"split {groups}"
        | ScenarioAction.Cut(from, towards) -> $"cut {ValueText.nodes from} -> {ValueText.nodes towards}"
        | ScenarioAction.Heal -> "heal"
        | ScenarioAction.Network quality -> $"network {QualityText.print quality}"
        | ScenarioAction.Link(from, towards, quality) ->
            $"link {from} -> {towards} {QualityText.print quality}"

    /// One way to write each action.
    let examples: (string * string) list =
        [
            "crash", "crash 3"
            "restart", "restart 3"
            "restart-same", "restart-same 3"
            "pause", "pause 2 for 3s"
            "freeze", "freeze 2 for 3s"
            "drift", "drift 2 to 101%"
            "slow-timers", "slow-timers 2 by 50ms"
            "leave", "leave 2"
            "change-identity", "change-identity 2"
            "reuse", "reuse 2"
            "transmissions", "transmissions 2 to 10"
            "packet-size", "packet-size 2 to 1400"
            "put", "put 2 key 1 size 100"
            "announce", "announce 2 to 1"
            "gossip", "gossip 2"
            "broadcast", "broadcast 2"
            "split", "split 1,2 | 3,4,5"
            "cut", "cut 1 -> 2,3"
            "heal", "heal"
            "network", "network latency 1ms..5ms loss 5%"
            "link", "link 1 -> 2 loss 50%"
        ]

    let private fault word =
        let example = examples |> List.find (fun (name, _) -> name = word) |> snd
        Error $"'{word}' is not written like this; type {example}"

    let private splitAt (separator: string) (words: string list) : string list list =
        let add word (groups: string list list) =
            if word = separator then [] :: groups else (word :: groups.Head) :: groups.Tail

        List.foldBack add words [ [] ]

    // The same action on each of these members.
    let private each word (members: string) (make: (int -> ScenarioAction) option) =
        match ValueText.tryNodes members, make with
        | Some nodes, Some make when not nodes.IsEmpty -> Ok(List.map make nodes)
        | _ -> fault word

    let private readSplit groups =
        let read group =
            match group with
            | [ members ] -> ValueText.tryNodes members
            | _ -> None

        match List.map read groups with
        | groups when List.forall Option.isSome groups -> Ok [ ScenarioAction.Split(List.choose id groups) ]
        | _ -> fault "split"

    let private readCut from towards =
        match ValueText.tryNodes from, ValueText.tryNodes towards with
        | Some from, Some towards -> Ok [ ScenarioAction.Cut(from, towards) ]
        | _ -> fault "cut"

    let private readLink from towards words =
        match ValueText.tryNode from, ValueText.tryNode towards with
        | Some from, Some towards ->
            QualityText.read words
            |> Result.map (fun quality -> [ ScenarioAction.Link(from, towards, quality) ])
        | _ -> fault "link"

    // A clock runs at a thousandth of the true rate at least, and at ten times that rate at most.
    let private tryRate text =
        ValueText.tryPercent text
        |> Option.filter (fun rate -> rate >= 1_000 && rate <= 10_000_000)

    let private tryPut key size =
        match ValueText.tryNumber Int32.MinValue Int32.MaxValue key, ValueText.tryNumber 0 65_507 size with
        | Some key, Some size -> Some(fun node -> ScenarioAction.Put(node, key, size))
        | _ -> None

    let private two make second = second |> Option.map (fun second node -> make (node, second))

    let private unknown (word: string) =
        let sharedWith (name: string) =
            Seq.zip name word |> Seq.takeWhile (fun (left, right) -> left = right) |> Seq.length

        let closest, example = examples |> List.maxBy (fst >> sharedWith)

        if sharedWith closest > 0 then
            Error $"unknown action '{word}'; type {example}"
        else
            let all = examples |> List.map fst |> String.concat ", "
            Error $"unknown action '{word}'; type one of {all}"

    /// Reads one or more actions (several if the words name several members where one is enough), or tells
    /// what is wrong and what to type instead.
    let read (words: string list) : Result<ScenarioAction list, string> =
        let duration = ValueText.tryDuration

        match words with
        | [ "crash"; members ] -> each "crash" members (Some ScenarioAction.Crash)
        | [ "restart"; members ] -> each "restart" members (Some ScenarioAction.Restart)
        | [ "restart-same"; members ] -> each "restart-same" members (Some ScenarioAction.RestartSame)
        | [ "pause"; members; "for"; length ] ->
            each "pause" members (two ScenarioAction.Pause (duration length))
        | [ "freeze"; members; "for"; length ] ->
            each "freeze" members (two ScenarioAction.Freeze (duration length))
        | [ "drift"; members; "to"; rate ] -> each "drift" members (two ScenarioAction.Drift (tryRate rate))
        | [ "slow-timers"; members; "by"; most ] ->
            each "slow-timers" members (two ScenarioAction.SlowTimers (duration most))
        | [ "leave"; members ] -> each "leave" members (Some ScenarioAction.Leave)
        | [ "change-identity"; members ] ->
            each "change-identity" members (Some ScenarioAction.ChangeIdentity)
        | [ "reuse"; members ] -> each "reuse" members (Some ScenarioAction.Reuse)
        | [ "transmissions"; members; "to"; count ] ->
            each
                "transmissions"
                members
                (two ScenarioAction.SetTransmissions (ValueText.tryNumber 1 255 count))
        | [ "packet-size"; members; "to"; bytes ] ->
            each
                "packet-size"
                members
                (two ScenarioAction.SetPacketSize (ValueText.tryNumber 128 65_507 bytes))
        | [ "put"; members; "key"; key; "size"; size ] -> each "put" members (tryPut key size)
        | [ "announce"; members; "to"; destination ] ->
            each "announce" members (two ScenarioAction.Announce (ValueText.tryNode destination))
        | [ "gossip"; members ] -> each "gossip" members (Some ScenarioAction.Gossip)
        | [ "broadcast"; members ] -> each "broadcast" members (Some ScenarioAction.Broadcast)
        | [ "split"; "everyone" ] -> Ok [ ScenarioAction.Split [] ]
        | "split" :: groups -> readSplit (splitAt "|" groups)
        | [ "cut"; from; "->"; towards ] -> readCut from towards
        | [ "heal" ] -> Ok [ ScenarioAction.Heal ]
        | "network" :: words ->
            QualityText.read words |> Result.map (fun quality -> [ ScenarioAction.Network quality ])
        | "link" :: from :: "->" :: towards :: words -> readLink from towards words
        | word :: _ when List.exists (fun (name, _) -> name = word) examples -> fault word
        | word :: _ -> unknown word
        | [] -> Error "an action is missing; type one, as in crash 3"
