namespace Swim.Fuzz

open FSharp.Reflection

/// The names of the cases of a union.
[<AbstractClass; Sealed>]
type internal Cases<'Union> private () =

    static let names = FSharpType.GetUnionCases typeof<'Union> |> Array.map _.Name |> List.ofArray

    static let tagOf = FSharpValue.PreComputeUnionTagReader typeof<'Union>

    /// All of them.
    static member Names: string list = names

    /// The one that this value is.
    static member Name(value: 'Union) : string = names[tagOf (box value)]
