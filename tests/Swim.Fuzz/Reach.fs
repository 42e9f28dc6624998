namespace Swim.Fuzz

open System.Collections.Generic
open FSharp.Reflection
open Swim
open Swim.Core

/// The names of the cases of a union.
[<AbstractClass; Sealed>]
type internal Cases<'Union> private () =

    static let names = FSharpType.GetUnionCases typeof<'Union> |> Array.map _.Name |> List.ofArray

    static let tagOf = FSharpValue.PreComputeUnionTagReader typeof<'Union>

    /// All of them.
    static member Names: string list = names

    /// The one that this value is.
    static member Name(value: 'Union) : string = names[tagOf (box value)]

/// What inputs come upon. Inputs that leave much out prove little.
[<RequireQualifiedAccess>]
module internal Reach =

    let private caseOf (value: 'Union) : string = Cases<'Union>.Name value

    /// The states, messages, answers, kinds of events, timers and errors that were met with these inputs.
    let ofInputs (inputs: seq<byte[]>) : HashSet<string> =
        let target = StepTarget()
        let seen = HashSet<string>()

        for input in inputs do
            for struct (event, effects) in target.Check input do
                match event with
                | PacketReceived packet ->
                    seen.Add(string packet.Header.Kind) |> ignore
                    seen.Add(WarmStates.select(input[0]).Name) |> ignore
                | BroadcastAccepted _ -> seen.Add "accepted" |> ignore
                | BroadcastsHandled -> seen.Add "handled" |> ignore
                | _ -> ()

                for effect in effects do
                    match effect with
                    | Send packet -> $"send {packet.Header.Kind}"
                    | Notify told -> string told.Kind
                    | Report error -> string error
                    | Schedule(timer, _) -> caseOf timer
                    | OfferBroadcast _ -> "offer"
                    |> seen.Add
                    |> ignore

        seen
