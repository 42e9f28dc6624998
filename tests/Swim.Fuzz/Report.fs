/// What is told about an input that shows a fault: a smaller one that does too, and how to see it again.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Report

open System
open System.IO

/// Takes away what the fault does not need: the longest pieces first, then sets bytes to zero.
let shrink (fails: byte[] -> bool) (input: byte[]) : byte[] =
    let mutable smallest = input
    let mutable tries = 20_000

    let attempt candidate =
        tries <- tries - 1

        if tries > 0 && fails candidate then
            smallest <- candidate
            true
        else
            false

    let mutable piece = max 1 (input.Length / 2)

    while piece > 0 do
        let mutable at = 1

        while at + piece <= smallest.Length do
            if not (attempt (Array.removeManyAt at piece smallest)) then
                at <- at + max 1 (piece / 2)

        piece <- piece / 2

    for at in 0 .. smallest.Length - 1 do
        if smallest[at] <> 0uy then
            attempt (Array.updateAt at 0uy smallest) |> ignore

    smallest

let private program = "dotnet run -c Release --project tests/Swim.Fuzz --"

/// The one command that plays an input again. One that is too long for a command line goes to a file.
let replayCommand (target: Target) (input: byte[]) : string =
    if input.Length <= 4096 then
        $"{program} replay {target.Name} {Convert.ToHexString input}"
    else
        let folder = Path.Combine(Repository.artifacts (), "failures")
        Directory.CreateDirectory folder |> ignore
        let path = Path.Combine(folder, $"{Swim.Crc32C.Of(ReadOnlySpan input):x8}.bin")
        File.WriteAllBytes(path, input)
        $"{program} replay {target.Name} {path}"

/// The whole story, for the log of a test.
let ofInput (target: Target) (context: string) (input: byte[]) (what: string) : string =
    let smallest = shrink (fun smaller -> (Target.fault target smaller).IsSome) input
    let whatOfSmallest = Target.fault target smallest |> Option.defaultValue what

    String.concat
        "\n"
        [
            $"{target.Name}: {what}"
            $"{context}, an input of {input.Length} bytes: {Convert.ToHexString(input.AsSpan(0, min 4096 input.Length))}"
            $"Of {smallest.Length} bytes: {whatOfSmallest}"
            $"Again: {replayCommand target smallest}"
        ]
