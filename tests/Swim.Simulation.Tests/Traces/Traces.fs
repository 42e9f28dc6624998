/// Random traces against a single core.
module Swim.Simulation.Tests.Traces

open System
open Hedgehog
open Hedgehog.FSharp
open Swim
open Swim.Core
open Swim.Simulation

/// A core and what happens to it.
type Trace =
    {
        Identities: Identities
        Config: Config
        /// Broadcasts go to every other member only.
        IsChoosy: bool
        Seed: uint64
        Moves: TraceInput list
    }

let private any: Gen<Trace> =
    gen {
        let! moves = Gen.list (Range.linear 1 200) AnyTraceInput.any
        and! config = AnyConfig.any 30
        and! identities = Draw.oneOf [ Renewing; Mixed ]
        and! isChoosy = Draw.chance 30
        and! seed = Gen.integral (Range.constant 1 1_000_000) |> Gen.noShrink

        return
            {
                Identities = identities
                Config = config
                IsChoosy = isChoosy
                Seed = uint64 seed
                Moves = moves
            }
    }

let private playOn (scheme: IdentityScheme<'Id>) (stepper: Stepper<'Id>) (trace: Trace) : Failure list * int =
    let rules =
        { Rules.create trace.Config IdentityOperations<'Id>.Instance (PacketCodec<'Id> scheme.Codec) with
            AcceptsBroadcasts = fun identity -> not trace.IsChoosy || scheme.NodeOf identity % 2 = 0
        }

    let player = TracePlayer(scheme, rules, trace.Seed, stepper)

    let rec play moves =
        match moves with
        | [] -> []
        | move :: rest ->
            match player.Play move with
            | [] -> play rest
            | failures -> failures

    let failures = play trace.Moves
    failures, player.Steps

/// Plays a trace: what is broken by it, and how many steps it took.
let play (protocol: IProtocol) (trace: Trace) : Failure list * int =
    match trace.Identities with
    | Renewing -> playOn IdentityScheme.node (protocol.Stepper()) trace
    | Mixed -> playOn MixedIdentity.scheme (protocol.Stepper()) trace

let private print (trace: Trace) : string =
    String.concat
        "\n"
        [
            $"identities {trace.Identities}, choosy {trace.IsChoosy}, seed {trace.Seed}"
            $"config {ConfigText.print 9 trace.Config}"
            for move in trace.Moves do
                sprintf "  %0A" move
        ]

let private wrong (failures: Failure list) : string option =
    match failures with
    | [] -> None
    | failures -> failures |> List.map string |> String.concat "\n" |> Some

/// Looks for a trace that breaks something. `seen` is told what each broke, and how many steps
/// it took.
let search (protocol: IProtocol) (seen: Failure list * int -> unit) : Search<Trace> =
    {
        Name = "traces"
        Cases = any
        Print = print
        Check =
            fun trace ->
                let failures, steps = play protocol trace
                seen (failures, steps)
                wrong failures
    }
