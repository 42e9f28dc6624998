/// What is told about an input that shows a fault: a smaller one that does too, and how to see it again.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Report

open System
open System.IO
open Swim.Core
open Swim

/// The input without some of its records, if its body is a packet: the count follows.
let private withoutRecords first count (input: byte[]) : byte[] voption =
    let codec = PacketCodec<NodeIdentity> NodeIdentityCodec.Instance
    let mutable packet = Unchecked.defaultof<Packet<NodeIdentity>>
    let mutable length = 0
    let data = Frame.seal (ReadOnlySpan(input).Slice(min 1 input.Length))
    let buffer = Array.zeroCreate data.Length

    if
        codec.Decode(ReadOnlySpan data, &packet) <> SwimError.None
        || first + count > packet.Updates.Count
    then
        ValueNone
    else
        let kept = Array.removeManyAt first count (packet.Updates.ToArray())
        let smaller = { packet with Updates = ArraySegment kept }

        if codec.TryEncode(&smaller, buffer.AsSpan(), &length) then
            ValueSome(Array.append [| input[0] |] buffer[Frame.size .. length - 1])
        else
            ValueNone

/// What is left of an input that fails when all that its fault does not need is taken away: records, then any
/// bytes, the longest pieces first; then bytes are set to zero.
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

    let withoutPieces piece first (without: int -> int -> byte[] voption) =
        let mutable piece = piece

        while piece > 0 do
            let mutable at = first
            let mutable isOver = false

            while not isOver do
                match without at piece with
                | ValueSome candidate when attempt candidate -> ()
                | ValueSome _ -> at <- at + max 1 (piece / 2)
                | ValueNone -> isOver <- true

            piece <- piece / 2

    withoutPieces 64 0 (fun at piece -> withoutRecords at piece smallest)

    withoutPieces (max 1 (input.Length / 2)) 1 (fun at piece ->
        if at + piece <= smallest.Length then
            ValueSome(Array.removeManyAt at piece smallest)
        else
            ValueNone)

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
        let path = Path.Combine(folder, $"{Crc32C.Of(ReadOnlySpan input):x8}.bin")
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
