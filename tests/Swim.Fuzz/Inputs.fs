/// Random inputs: noise, packets that are right or nearly so, and changed members of the corpus.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Inputs

let private crowd =
    lazy
        (WarmStates.all ()
         |> Array.findIndex (fun warm -> warm.Name = "two hundred active members"))

/// Any state, but seldom the crowd: its steps take longer by far, as each looks at all records many times.
let private selector (dice: Dice) : byte =
    let drawn = dice.Below(WarmStates.all().Length)
    if drawn = crowd.Value && dice.Chance 90 then 0uy else byte drawn

let private body (dice: Dice) (selector: byte) : byte[] =
    let fields = Bodies.make dice (WarmStates.select selector)

    if dice.Chance 50 then
        for _ in 0 .. dice.Length 3 do
            Mutation.field dice fields

    fields.ToArray()

let private fresh (dice: Dice) : byte[] =
    let selector = selector dice

    let body = if dice.Chance 15 then dice.Noise(dice.Length 300) else body dice selector

    Array.append [| selector |] body

let private changed (dice: Dice) (pool: byte[][]) : byte[] =
    let input = Mutation.bytes dice (dice.Pick pool) (dice.Pick pool)

    // Most of the time at a state that is quick to step from.
    if input.Length > 0 && dice.Chance 60 then
        input[0] <- selector dice

    input

/// An input; `pool` is what changed ones are made from.
let make (dice: Dice) (pool: byte[][]) : byte[] =
    if pool.Length > 0 && dice.Chance 40 then changed dice pool else fresh dice
