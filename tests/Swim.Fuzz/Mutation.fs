/// Small changes of an input, some that know what a field is and some that do not.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Mutation

open System

let private telling = [| 0uy; 1uy; 2uy; 4uy; 6uy; 9uy; 10uy; 11uy; 0x7Fuy; 0x80uy; 0xFFuy |]

/// One field becomes noise, all zeros, all ones, its neighbour's; is missing, there twice, or cut.
let field (dice: Dice) (fields: Fields) : unit =
    if fields.Count > 0 then
        let at = dice.Below fields.Count
        let value = fields[at]

        match dice.Below 8 with
        | 0 -> fields[at] <- dice.Noise value.Length
        | 1 -> fields[at] <- Array.zeroCreate value.Length
        | 2 -> fields[at] <- Array.create value.Length 0xFFuy
        | 3 -> fields[at] <- fields[dice.Below fields.Count]
        | 4 -> fields.RemoveAt at
        | 5 -> fields.Insert(at, fields[dice.Below fields.Count])
        | 6 -> fields[at] <- Array.truncate (dice.Below(1 + value.Length)) value
        | _ -> fields[at] <- Array.map (fun one -> one + byte (dice.Pick [| -1; 1 |])) value

let private range (dice: Dice) (data: byte[]) =
    let first = dice.Below data.Length
    struct (first, min (data.Length - first) (1 + dice.Length 40))

let private once (dice: Dice) (other: byte[]) (data: byte[]) : byte[] =
    if data.Length = 0 then
        dice.Noise(1 + dice.Below 80)
    else
        match dice.Below 10 with
        | 0
        | 1 ->
            let at = dice.Below data.Length
            data[at] <- data[at] ^^^ (1uy <<< dice.Below 8)
            data
        | 2 ->
            data[dice.Below data.Length] <- dice.Byte()
            data
        | 3 ->
            data[dice.Below data.Length] <- dice.Pick telling
            data
        | 4 -> Array.insertManyAt (dice.Below(1 + data.Length)) (dice.Noise(1 + dice.Length 20)) data
        | 5 ->
            let struct (first, length) = range dice data
            Array.removeManyAt first length data
        | 6 -> Array.truncate (dice.Below data.Length) data
        | 7 ->
            let struct (first, length) = range dice data
            Array.insertManyAt (dice.Below(1 + data.Length)) (Array.sub data first length) data
        | 8 ->
            let struct (first, length) = range dice data
            let at = dice.Below data.Length
            Array.blit data first data at (min length (data.Length - at))
            data
        | _ ->
            // The beginning of one input and the end of another.
            let head = Array.truncate (dice.Below(1 + data.Length)) data
            Array.append head (Array.skip (dice.Below(1 + other.Length)) other)

/// A few changes that know nothing of fields; `other` is for splices.
let bytes (dice: Dice) (other: byte[]) (input: byte[]) : byte[] =
    let mutable data = Array.copy input

    for _ in 0 .. dice.Length 4 do
        data <- once dice other data

    data
