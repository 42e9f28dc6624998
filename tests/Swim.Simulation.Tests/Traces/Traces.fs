/// Random traces against a single member.
module Swim.Simulation.Tests.Traces

open System
open Hedgehog
open Hedgehog.FSharp
open Swim
open Swim.Core
open Swim.Simulation

/// A member and its inputs.
type Trace =
    {
        Identities: Identities
        Config: SwimConfig
        /// Whether only members with an even number take custom broadcasts.
        OnlyEvenTakeBroadcasts: bool
        RandomSeed: uint64
        Inputs: TraceInput list
    }

let private any: Gen<Trace> =
    gen {
        let! inputs = Gen.list (Range.linear 1 200) AnyTraceInput.any
        and! config = AnyConfig.any 30
        and! identities = Draw.oneOf [ Renewing; Mixed ]
        and! onlyEvenTakeBroadcasts = Draw.chance 30
        and! randomSeed = Gen.integral (Range.constant 1 1_000_000) |> Gen.noShrink

        return
            {
                Identities = identities
                Config = config
                OnlyEvenTakeBroadcasts = onlyEvenTakeBroadcasts
                RandomSeed = uint64 randomSeed
                Inputs = inputs
            }
    }

let private playOn
    (scheme: IdentityScheme<'Id>)
    (runner: StepRunner<'Id>)
    (trace: Trace)
    : Failure list * int =
    let rules =
        { Rules.create trace.Config IdentityOperations<'Id>.Instance (PacketCodec<'Id> scheme.Codec) with
            AcceptsBroadcasts =
                fun identity -> not trace.OnlyEvenTakeBroadcasts || scheme.NodeOf identity % 2 = 0
        }

    let player = TracePlayer(scheme, rules, trace.RandomSeed, runner)

    let rec play inputs =
        match inputs with
        | [] -> []
        | input :: rest ->
            match player.Play input with
            | [] -> play rest
            | failures -> failures

    let failures = play trace.Inputs
    failures, player.Steps

/// Plays a trace: the failures, and the number of steps.
let play (protocol: IProtocol) (trace: Trace) : Failure list * int =
    match trace.Identities with
    | Renewing -> playOn IdentityScheme.node (protocol.Runner()) trace
    | Mixed -> playOn MixedIdentity.scheme (protocol.Runner()) trace

let private print (trace: Trace) : string =
    String.concat
        "\n"
        [
            $"identities {trace.Identities}, random seed {trace.RandomSeed}"
            $"only even members take broadcasts: {trace.OnlyEvenTakeBroadcasts}"
            $"config {ConfigText.print 9 trace.Config}"
            for input in trace.Inputs do
                sprintf "  %0A" input
        ]

let private describe (failures: Failure list) : string option =
    match failures with
    | [] -> None
    | failures -> failures |> List.map string |> String.concat "\n" |> Some

/// Searches for a trace with failures. `seen` is called with the failures and the number of steps of each
/// trace.
let search (protocol: IProtocol) (seen: Failure list * int -> unit) : Search<Trace> =
    {
        Name = "traces"
        Cases = any
        Print = print
        Check =
            fun trace ->
                let failures, steps = play protocol trace
                seen (failures, steps)
                describe failures
    }
