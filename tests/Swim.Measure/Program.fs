/// A quick look at what a step costs: `dotnet run -c Release --project tests/Swim.Measure`, with `--json`
/// for one object per line.
module Swim.Measure.Program

open System
open System.Text.Json

let private sizes = [ 10; 100; 1_000; 10_000; 100_000 ]

[<EntryPoint>]
let main arguments =
    let costs = StepCost.measure sizes

    if Array.contains "--json" arguments then
        for cost in costs do
            JsonSerializer.Serialize
                {|
                    work = "ping-ack"
                    members = cost.Members
                    ns = Math.Round(cost.MedianNanoseconds, 1)
                    bytes = Math.Round cost.Bytes
                |}
            |> printfn "%s"
    else
        let smallest = costs.Head.MedianNanoseconds
        printfn "Ping in, Ack out   median ns   times n=10   bytes allocated"

        for cost in costs do
            printfn
                "%16d %11.0f %12.2f %17.0f"
                cost.Members
                cost.MedianNanoseconds
                (cost.MedianNanoseconds / smallest)
                cost.Bytes

    0
