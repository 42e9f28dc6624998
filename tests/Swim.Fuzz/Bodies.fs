/// Bodies of packets that are right, or nearly so, and about members that the state knows: what blind noise
/// would hardly ever come upon.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Bodies

open Swim
open Swim.Core

let private incarnations = [| 0; 0; 0; 1; 2; 3; 65534; 65535 |]

let private incarnation (dice: Dice) = dice.Pick incarnations

/// A member that the state knows, at times ourselves, or a stranger; in this life or another.
let private anyMember (dice: Dice) (warm: WarmState) : NodeIdentity =
    let members = warm.State.Members

    let identity =
        match dice.Below 20 with
        | 0
        | 1 -> warm.State.Identity
        | 2 -> FuzzIdentity.peer (dice.Between(2, 9))
        | 3 -> FuzzIdentity.atIPv6 (dice.Between(20, 40)) 1UL
        | 4 -> FuzzIdentity.at (dice.Between(20, 400)) 1UL
        | _ when members.Count > 0 -> members[dice.Below members.Count].Identity
        | _ -> FuzzIdentity.peer (dice.Between(2, 9))

    match dice.Below 16 with
    | 0 -> FuzzIdentity.inLife (identity.Generation + 1UL) identity
    | 1 -> FuzzIdentity.inLife (identity.Generation - 1UL) identity
    | 2 -> FuzzIdentity.inLife (dice.Pick [| 0UL; 1UL; System.UInt64.MaxValue |]) identity
    | _ -> identity

let private probed (dice: Dice) (warm: WarmState) : NodeIdentity =
    match warm.State.Probe.Target with
    | ValueSome target when dice.Chance 60 -> target.Identity
    | _ -> anyMember dice warm

let private destination (dice: Dice) (warm: WarmState) =
    if dice.Chance 92 then warm.State.Identity else anyMember dice warm

let private source (dice: Dice) (warm: WarmState) =
    match warm.State.Probe.Helpers with
    | helper :: _ when dice.Chance 20 -> helper
    | _ -> if dice.Chance 20 then probed dice warm else anyMember dice warm

/// Often about the same address as the record before, in this life or the next: what one record does to
/// another is what is worth trying.
let private record (dice: Dice) (warm: WarmState) (before: NodeIdentity voption) (fields: Fields) =
    let status = dice.Below 3

    let identity =
        match before with
        | ValueSome before when dice.Chance 30 ->
            FuzzIdentity.inLife (before.Generation + uint64 (dice.Between(-1, 1))) before
        | _ -> anyMember dice warm

    fields.Identity identity
    fields.Number16(if status = 2 && dice.Chance 98 then 0 else incarnation dice)
    fields.Byte status
    ValueSome identity

let private updates (dice: Dice) (warm: WarmState) (fields: Fields) =
    let count = if dice.Chance 2 then dice.Between(20, 70) else dice.Length 6
    fields.Number16(if dice.Chance 98 then count else count + dice.Pick [| -1; 1; 2; 256; 65535 |])

    let mutable before = ValueNone

    for _ in 1..count do
        before <- record dice warm before fields

let private broadcasts (dice: Dice) (fields: Fields) =
    for _ in 1 .. dice.Length 4 do
        let length = if dice.Chance 5 then dice.Between(1, 400) else dice.Between(1, 12)
        fields.Number16(if dice.Chance 98 then length else length + dice.Pick [| -1; 1; 256 |])
        fields.Bytes(dice.Noise length)

/// A body whose fields are all right.
let make (dice: Dice) (warm: WarmState) : Fields =
    let fields = Fields()
    let kind = dice.Below 11
    fields.Byte kind
    fields.Number16(incarnation dice)
    fields.Identity(source dice warm)
    fields.Identity(destination dice warm)

    if kind >= 2 && kind <= 5 then
        fields.Identity(probed dice warm)

    if kind <= 5 then
        let number = warm.State.Probe.Number
        fields.Number32(if dice.Chance 80 then number else uint32 (dice.Word()))

    let carriesBroadcasts = kind <> 6 && kind <> 10
    let hasBroadcasts = carriesBroadcasts && dice.Chance 20

    if carriesBroadcasts && kind <> 9 && (hasBroadcasts || dice.Chance 50) then
        updates dice warm fields

    if hasBroadcasts then
        broadcasts dice fields

    fields
