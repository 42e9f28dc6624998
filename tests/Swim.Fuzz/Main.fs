module Swim.Fuzz.Main

open System
open System.IO
open Expecto
open SharpFuzz

let private usage =
    """Swim.Fuzz                                the suite; takes the options of Expecto
Swim.Fuzz replay TARGET HEX|FILE         one input again
Swim.Fuzz instrument                     makes a copy of this program that counts branches
Swim.Fuzz explore TARGET SECONDS [SEED]  fuzzing guided by coverage, in the copy
Swim.Fuzz corpus [FOLDER ...]            writes the corpus anew: the initial inputs; in the copy also what adds coverage
Swim.Fuzz --afl=TARGET                   run by afl-fuzz, the copy
Swim.Fuzz --libfuzzer=TARGET             run by libfuzzer-dotnet, the copy

A TARGET is decode or step."""

let private bytesOf (text: string) : byte[] =
    if File.Exists text then File.ReadAllBytes text else Convert.FromHexString text

let private readAll (stream: Stream) : byte[] =
    use memory = new MemoryStream()
    stream.CopyTo memory
    memory.ToArray()

let private needsCoverage (run: unit -> int) : int =
    if Coverage.isInstrumented () then
        run ()
    else
        eprintfn "This is not the instrumented copy: make one with instrument, and run that."
        2

let private replay (target: Target) (input: byte[]) : int =
    printf "%s" (Replay.describe input)

    match Target.fault target input with
    | Some what ->
        printfn $"FAULT: {what}"
        1
    | None ->
        printfn "All is well."
        0

let private writeCorpus (folders: string list) : int =
    let initial = InitialInputs.all ()

    let kept =
        if Coverage.isInstrumented () then
            let others = (Corpus.load () |> List.map snd) @ Corpus.loadAll (Explorer.found () :: folders)
            Corpus.smallest (Target.step ()) initial others
        else
            Corpus.withNewInitial initial

    Corpus.save kept
    printfn $"{kept.Length} inputs, {kept |> List.sumBy (fun (_, input) -> input.Length)} bytes"
    0

let private (|After|_|) (prefix: string) (argument: string) =
    if argument.StartsWith(prefix, StringComparison.Ordinal) then
        Some(argument.Substring prefix.Length)
    else
        None

let private dispatch arguments : int =
    match arguments with
    | [ "help" ] ->
        printfn $"{usage}"
        0
    | [ "replay"; name; input ] -> replay (Target.named name) (bytesOf input)
    | [ "instrument" ] ->
        printfn $"dotnet {Instrument.copyOfThisProgram ()}"
        0
    | "explore" :: name :: seconds :: rest ->
        needsCoverage (fun () ->
            let randomSeed =
                match rest with
                | text :: _ -> UInt64.Parse text
                | [] -> uint64 DateTime.UtcNow.Ticks

            let start =
                (InitialInputs.all () @ Corpus.load () |> List.map snd)
                @ Corpus.loadAll [ Explorer.found () ]

            Explorer.run (Target.named name) start randomSeed (TimeSpan.FromSeconds(float seconds))
            0)
    | "corpus" :: folders -> writeCorpus folders
    | [ After "--afl=" name ] ->
        needsCoverage (fun () ->
            let target = Target.named name
            Fuzzer.Run(Action<Stream>(fun stream -> target.Check(readAll stream)))
            0)
    | [ After "--libfuzzer=" name ] ->
        needsCoverage (fun () ->
            let target = Target.named name
            Fuzzer.LibFuzzer.Run(fun data -> target.Check(data.ToArray()))
            0)
    | arguments -> runTestsWithCLIArgs [] (Array.ofList arguments) FuzzTests.tests

[<EntryPoint>]
let main arguments =
    Coverage.prepare ()
    dispatch (List.ofArray arguments)
