namespace Swim.Fuzz

open Swim
open Swim.Core

/// What a fuzzer throws inputs at. An input is one byte that names a state, and the body of a packet.
[<NoEquality; NoComparison>]
type internal Target =
    {
        /// As on the command line.
        Name: string
        /// Throws what is wrong, if anything is.
        Check: byte[] -> unit
    }

[<RequireQualifiedAccess>]
module internal Target =

    /// Decodes the body with that codec.
    let decodeWith codec : Target =
        let target = DecodeTarget codec

        {
            Name = "decode"
            Check = fun input -> target.Check(if input.Length = 0 then input else Array.tail input) |> ignore
        }

    /// Decodes the body.
    let decode () : Target = decodeWith NodeIdentityCodec.Instance

    /// Decodes the body and lets the member at that state receive it; such a runner takes its steps.
    let stepWith (runner: unit -> StepRunner<NodeIdentity>) : Target =
        let target = StepTarget runner
        { Name = "step"; Check = fun input -> target.Check input |> ignore }

    /// Decodes the body and lets the member at that state receive it.
    let step () : Target = stepWith StepRunner

    let named (name: string) : Target =
        match name with
        | "decode" -> decode ()
        | "step" -> step ()
        | _ -> failwith $"There is no target {name}: decode or step"

    /// What is wrong with an input, if anything is.
    let fault (target: Target) (input: byte[]) : string option =
        try
            target.Check input
            None
        with
        | FaultFound what -> Some what
        | error -> Some(string error)
