/// A copy of this program whose library counts the branches that it takes.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Instrument

open System
open System.IO
open SharpFuzz

let private folder () = Path.Combine(Repository.artifacts (), "bin")

// An index by hash looks different in every process, as hashes do; its branches would be noise.
let private isOfInterest (name: string) = not (name.StartsWith "Swim.Core.HashIndex")

let private copy (source: string) (target: string) =
    Directory.CreateDirectory target |> ignore

    for path in Directory.GetFiles source do
        File.Copy(path, Path.Combine(target, nonNull (Path.GetFileName path)), true)

/// Words for afl-fuzz: the identities that states know, so that it need not come upon them by chance.
let private writeWords (path: string) =
    let identities =
        FuzzIdentity.us :: [ for number in 2..10 -> FuzzIdentity.peer number ]
        |> List.mapi (fun index identity ->
            let fields = Fields()
            fields.Identity identity

            let bytes = fields.ToArray() |> Array.map (fun one -> $"\\x{one:x2}")
            $"identity{index}=\"{String.Concat bytes}\"")

    File.WriteAllLines(path, identities)

/// Makes the copy; the program to run.
let copyOfThisProgram () : string =
    let target = folder ()
    copy AppContext.BaseDirectory target

    for name in [ "Swim.Core.dll"; "Swim.CSharp.dll" ] do
        Fuzzer.Instrument(Path.Combine(target, name), isOfInterest, Options.Value) |> ignore

    writeWords (Path.Combine(Repository.artifacts (), "words.dict"))
    Path.Combine(target, "Swim.Fuzz.dll")
