/// The inputs that every corpus begins with: a packet of each kind and shape, at a state where it matters.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.InitialInputs

open System
open Swim
open Swim.Core

let private indexOf state = WarmStates.all () |> Array.findIndex (fun warm -> warm.Name = state)

let private input state (fields: Fields) : byte[] = Array.append [| byte (indexOf state) |] (fields.ToArray())

let private header kind source (destination: NodeIdentity) =
    let fields = Fields()
    fields.Byte kind
    fields.Number16 1
    fields.Identity source
    fields.Identity destination
    fields

let private ofKind kind source named state =
    let warm = (WarmStates.all ())[indexOf state]
    let fields = header kind source warm.State.Identity

    if kind >= 2 && kind <= 5 then
        fields.Identity named

    if kind <= 5 || kind = 11 then
        fields.Number32 warm.State.Probe.Number

    fields

let private withUpdates (records: (NodeIdentity * int * int) list) (fields: Fields) =
    fields.Number16 records.Length

    for identity, incarnation, status in records do
        fields.Identity identity
        fields.Number16 incarnation
        fields.Byte status

    fields

/// One Suspect record with its accuser.
let private withAccusation (suspect: NodeIdentity) incarnation (accuser: NodeIdentity) (fields: Fields) =
    fields.Number16 1
    fields.Identity suspect
    fields.Number16 incarnation
    fields.Byte 3
    fields.Identity accuser
    fields

let private withCount count (fields: Fields) =
    fields.Number16 count
    fields

let private withBroadcasts (payloads: string list) (fields: Fields) =
    for payload in payloads do
        fields.Number16 payload.Length
        fields.Bytes(Text.Encoding.ASCII.GetBytes payload)

    fields

let private kinds =
    [
        "ping"
        "ack"
        "ping-req"
        "indirect-ping"
        "indirect-ack"
        "forwarded-ack"
        "announce"
        "feed"
        "gossip"
        "broadcast"
        "turn-undead"
        "nack"
    ]

let private peer = FuzzIdentity.peer

/// A bare packet of each kind, from IPv4 and from IPv6, at a state where it is answered.
let private bare () =
    [
        for kind, name in List.indexed kinds do
            $"{name}-ipv4", input "helpers were asked" (ofKind kind (peer 2) (peer 3) "helpers were asked")

            $"{name}-ipv6", input "five active members" (ofKind kind (peer 5) (peer 10) "five active members")
    ]

let private answerToProbe kind state =
    let warm = (WarmStates.all ())[indexOf state]
    let target = warm.State.Probe.Target.Value.Identity

    let source =
        match warm.State.Probe.Helpers with
        | helper :: _ when kind = 5 -> helper
        | _ -> target

    input state (ofKind kind source target state)

let private gossip state records = input state (ofKind 8 (peer 2) (peer 2) state |> withUpdates records)

let private shapes () =
    [
        "ack-of-the-probe", answerToProbe 1 "a ping is pending"
        "forwarded-ack-of-a-helper", answerToProbe 5 "helpers were asked"
        "updates-of-every-status",
        gossip "five active members" [ peer 7, 1, 0; peer 3, 3, 1; peer 4, 0, 2; peer 10, 65535, 0 ]
        "a-new-life", gossip "active and Down members" [ FuzzIdentity.inLife 11UL (peer 4), 0, 0 ]
        "an-old-life", gossip "active and Down members" [ FuzzIdentity.inLife 9UL (peer 2), 0, 0 ]
        "we-are-suspected", gossip "five active members" [ FuzzIdentity.us, 0, 1 ]
        "we-are-suspected-at-the-highest", gossip "the highest incarnation" [ FuzzIdentity.us, 65535, 1 ]
        "we-are-down", gossip "updates and broadcasts wait" [ FuzzIdentity.us, 0, 2 ]
        "we-are-down-twice",
        gossip
            "five active members"
            [ FuzzIdentity.us, 0, 2; FuzzIdentity.inLife 1001UL FuzzIdentity.us, 0, 2 ]
        "our-next-life-is-down-already",
        gossip
            "five active members"
            [ FuzzIdentity.inLife 1001UL FuzzIdentity.us, 0, 2; FuzzIdentity.us, 0, 2 ]
        // What found that TransmissionsAreBounded took too narrow a view.
        "lives-of-ours",
        gossip
            "helpers were asked"
            [
                FuzzIdentity.inLife 1001UL FuzzIdentity.us, 0, 0
                FuzzIdentity.us, 0, 1
                FuzzIdentity.us, 65535, 1
                FuzzIdentity.inLife 1001UL FuzzIdentity.us, 0, 2
                FuzzIdentity.inLife 1001UL FuzzIdentity.us, 0, 0
            ]
        "a-former-life-of-ours", gossip "awaiting active" [ FuzzIdentity.inLife 999UL FuzzIdentity.us, 5, 0 ]
        "updates-about-the-forgotten",
        gossip "tombstones" [ peer 4, 7, 0; peer 5, 0, 2; FuzzIdentity.inLife 11UL (peer 4), 0, 0 ]
        "from-a-down-member",
        input "active and Down members" (ofKind 0 (peer 4) (peer 4) "active and Down members")
        "undead-from-a-down-member",
        input "idle with Down members" (ofKind 10 (peer 2) (peer 2) "idle with Down members")
        "undead-to-the-defunct", input "defunct" (ofKind 10 (peer 3) (peer 3) "defunct")
        "asks-who-left", input "left" (ofKind 0 (peer 2) (peer 2) "left")
        "announce-to-an-address", input "idle" (header 6 (peer 2) (FuzzIdentity.inLife 0UL FuzzIdentity.us))
        "from-ourselves", input "idle" (header 8 FuzzIdentity.us FuzzIdentity.us)
        "to-another-member", input "idle" (header 8 (peer 2) (peer 3))
        "names-ourselves",
        input "five active members" (ofKind 2 (peer 2) FuzzIdentity.us "five active members")
        "broadcasts-alone",
        input
            "five active members"
            (ofKind 9 (peer 2) (peer 2) "five active members"
             |> withBroadcasts [ "fresh"; "stale"; "x" ])
        "broadcasts-behind-no-updates",
        input
            "updates and broadcasts wait"
            (ofKind 0 (peer 2) (peer 2) "updates and broadcasts wait"
             |> withUpdates []
             |> withBroadcasts [ "fresh" ])
        "both",
        input
            "an answer waits for the broadcast handler"
            (ofKind 7 (peer 3) (peer 3) "an answer waits for the broadcast handler"
             |> withUpdates [ peer 8, 0, 0 ]
             |> withBroadcasts [ "fresh"; "dull" ])
        "small-packets", input "the smallest packets" (ofKind 3 (peer 3) (peer 6) "the smallest packets")
        "a-feed-of-all",
        input "two hundred active members" (ofKind 6 (peer 300) (peer 2) "two hundred active members")
        "large-packets", input "the largest packets" (ofKind 6 (peer 300) (peer 2) "the largest packets")
        "a-full-packet",
        gossip "suspects, one of them probed" [ for number in 2..74 -> peer number, number % 4, number % 2 ]
        "nothing", [| 0uy |]
        "a-count-that-is-too-high", input "idle" (ofKind 8 (peer 2) (peer 2) "idle" |> withCount 65535)
    ]

/// What R13 and R14 added.
let private additions () =
    [
        // R13.5: the fourth identity that claims our address within a minute.
        "our-address-is-claimed",
        gossip "an address that others claim" [ FuzzIdentity.inLife 2000UL FuzzIdentity.us, 0, 0 ]
        "a-suspicion-is-confirmed",
        input
            "suspicions that others confirm"
            (ofKind 8 (peer 2) (peer 2) "suspicions that others confirm"
             |> withAccusation (peer 2) 2 (peer 5))
        "an-indirect-answer-ends", answerToProbe 5 "a link that is impaired next"
        "a-direct-answer-ends", answerToProbe 1 "a link that is restored next"
    ]

/// All of them, by name.
let all () : (string * byte[]) list = bare () @ shapes () @ additions ()
