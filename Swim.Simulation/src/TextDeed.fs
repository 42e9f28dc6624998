namespace Swim.Simulation

open System

/// Deeds in the text of a scenario, as in `pause 2 for 3s`.
[<RequireQualifiedAccess>]
module TextDeed =

    /// What is done, as one writes it.
    let print (deed: Deed) : string =
        match deed with
        | Deed.Crash node -> $"crash {node}"
        | Deed.Restart node -> $"restart {node}"
        | Deed.RestartSame node -> $"restart-same {node}"
        | Deed.Pause(node, length) -> $"pause {node} for {TextValue.duration length}"
        | Deed.Freeze(node, length) -> $"freeze {node} for {TextValue.duration length}"
        | Deed.Drift(node, rate) -> $"drift {node} to {TextValue.percent rate}"
        | Deed.SlowTimers(node, most) -> $"slow-timers {node} by {TextValue.duration most}"
        | Deed.Leave node -> $"leave {node}"
        | Deed.ChangeIdentity node -> $"change-identity {node}"
        | Deed.Reuse node -> $"reuse {node}"
        | Deed.SetTransmissions(node, count) -> $"transmissions {node} to {count}"
        | Deed.SetPacketSize(node, bytes) -> $"packet-size {node} to {bytes}"
        | Deed.Put(node, key, size) -> $"put {node} key {key} size {size}"
        | Deed.Announce(node, destination) -> $"announce {node} to {destination}"
        | Deed.Gossip node -> $"gossip {node}"
        | Deed.Broadcast node -> $"broadcast {node}"
        | Deed.Split [] -> "split everyone"
        | Deed.Split groups ->
            let groups = groups |> List.map TextValue.nodes |> String.concat " | "
            $"split {groups}"
        | Deed.Cut(from, towards) -> $"cut {TextValue.nodes from} -> {TextValue.nodes towards}"
        | Deed.Heal -> "heal"
        | Deed.Network quality -> $"network {TextQuality.print quality}"
        | Deed.Link(from, towards, quality) -> $"link {from} -> {towards} {TextQuality.print quality}"

    /// One way to write each deed.
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

    // What is done to one member or to several, one after the other.
    let private each word (members: string) (make: (int -> Deed) option) =
        match TextValue.tryNodes members, make with
        | Some nodes, Some make when not nodes.IsEmpty -> Ok(List.map make nodes)
        | _ -> fault word

    let private readSplit groups =
        let read group =
            match group with
            | [ members ] -> TextValue.tryNodes members
            | _ -> None

        match List.map read groups with
        | groups when List.forall Option.isSome groups -> Ok [ Deed.Split(List.choose id groups) ]
        | _ -> fault "split"

    let private readCut from towards =
        match TextValue.tryNodes from, TextValue.tryNodes towards with
        | Some from, Some towards -> Ok [ Deed.Cut(from, towards) ]
        | _ -> fault "cut"

    let private readLink from towards words =
        match TextValue.tryNode from, TextValue.tryNode towards with
        | Some from, Some towards ->
            TextQuality.read words
            |> Result.map (fun quality -> [ Deed.Link(from, towards, quality) ])
        | _ -> fault "link"

    // Only those who mean less than one clock in a thousand, or more than ten, are refused.
    let private tryRate text =
        TextValue.tryPercent text
        |> Option.filter (fun rate -> rate >= 1_000 && rate <= 10_000_000)

    let private tryPut key size =
        match TextValue.tryNumber Int32.MinValue Int32.MaxValue key, TextValue.tryNumber 0 65_507 size with
        | Some key, Some size -> Some(fun node -> Deed.Put(node, key, size))
        | _ -> None

    let private two make second = second |> Option.map (fun second node -> make (node, second))

    let private unknown (word: string) =
        let sharedWith (name: string) =
            Seq.zip name word |> Seq.takeWhile (fun (left, right) -> left = right) |> Seq.length

        let closest, example = examples |> List.maxBy (fst >> sharedWith)

        if sharedWith closest > 0 then
            Error $"'{word}' is nothing that can be done; type {example}"
        else
            let all = examples |> List.map fst |> String.concat ", "
            Error $"'{word}' is nothing that can be done; type one of {all}"

    /// The deeds that the words stand for: more than one if they name several members where one would do. Or
    /// what is wrong, and what to type instead.
    let read (words: string list) : Result<Deed list, string> =
        let duration = TextValue.tryDuration

        match words with
        | [ "crash"; members ] -> each "crash" members (Some Deed.Crash)
        | [ "restart"; members ] -> each "restart" members (Some Deed.Restart)
        | [ "restart-same"; members ] -> each "restart-same" members (Some Deed.RestartSame)
        | [ "pause"; members; "for"; length ] -> each "pause" members (two Deed.Pause (duration length))
        | [ "freeze"; members; "for"; length ] -> each "freeze" members (two Deed.Freeze (duration length))
        | [ "drift"; members; "to"; rate ] -> each "drift" members (two Deed.Drift (tryRate rate))
        | [ "slow-timers"; members; "by"; most ] ->
            each "slow-timers" members (two Deed.SlowTimers (duration most))
        | [ "leave"; members ] -> each "leave" members (Some Deed.Leave)
        | [ "change-identity"; members ] -> each "change-identity" members (Some Deed.ChangeIdentity)
        | [ "reuse"; members ] -> each "reuse" members (Some Deed.Reuse)
        | [ "transmissions"; members; "to"; count ] ->
            each "transmissions" members (two Deed.SetTransmissions (TextValue.tryNumber 1 255 count))
        | [ "packet-size"; members; "to"; bytes ] ->
            each "packet-size" members (two Deed.SetPacketSize (TextValue.tryNumber 128 65_507 bytes))
        | [ "put"; members; "key"; key; "size"; size ] -> each "put" members (tryPut key size)
        | [ "announce"; members; "to"; destination ] ->
            each "announce" members (two Deed.Announce (TextValue.tryNode destination))
        | [ "gossip"; members ] -> each "gossip" members (Some Deed.Gossip)
        | [ "broadcast"; members ] -> each "broadcast" members (Some Deed.Broadcast)
        | [ "split"; "everyone" ] -> Ok [ Deed.Split [] ]
        | "split" :: groups -> readSplit (splitAt "|" groups)
        | [ "cut"; from; "->"; towards ] -> readCut from towards
        | [ "heal" ] -> Ok [ Deed.Heal ]
        | "network" :: words -> TextQuality.read words |> Result.map (fun quality -> [ Deed.Network quality ])
        | "link" :: from :: "->" :: towards :: words -> readLink from towards words
        | word :: _ when List.exists (fun (name, _) -> name = word) examples -> fault word
        | word :: _ -> unknown word
        | [] -> Error "nothing is done; type a deed, as in crash 3"
