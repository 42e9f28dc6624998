/// The inputs that are kept: the initial ones, and what fuzzing found to add coverage.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Corpus

open System.IO

/// The most that the files may take together, in bytes.
let limit = 200_000L

/// What the names of those begin with that fuzzing found.
let private prefix = "found-"

let private inputs (folder: string) : (string * byte[]) list =
    if Directory.Exists folder then
        Directory.GetFiles folder
        |> Array.sort
        |> Array.map (fun path -> nonNull (Path.GetFileNameWithoutExtension path), File.ReadAllBytes path)
        |> List.ofArray
    else
        []

/// All that are kept, by name.
let load () : (string * byte[]) list = inputs (Repository.corpus ())

/// What lies in these folders: those of a fuzzer's findings, say.
let loadAll (folders: string list) : byte[] list = folders |> List.collect inputs |> List.map snd

/// The initial inputs as they are made now, and all others as they are kept.
let withNewInitial (initial: (string * byte[]) list) : (string * byte[]) list =
    initial @ List.filter (fun (name: string, _) -> name.StartsWith prefix) (load ())

/// The initial inputs, and the fewest of the others that take all branches that those do not; the short ones
/// first. The instrumented library only.
let smallest (target: Target) (initial: (string * byte[]) list) (others: byte[] list) =
    let covered = CoveredSoFar false
    let adds (input: byte[]) = covered.Add(fun () -> Target.fault target input |> ignore)

    for _, input in initial do
        adds input |> ignore

    let found =
        others
        |> List.distinct
        |> List.sortBy Array.length
        |> List.filter adds
        |> List.map (fun input -> $"{prefix}{Swim.Crc32C.Of(System.ReadOnlySpan input):x8}", input)

    initial @ found

/// Puts these in the place of those that are kept.
let save (kept: (string * byte[]) list) : unit =
    let folder = Repository.corpus ()
    Directory.CreateDirectory folder |> ignore

    for path in Directory.GetFiles(folder, "*.bin") do
        File.Delete path

    for name, input in kept do
        File.WriteAllBytes(Path.Combine(folder, name + ".bin"), input)
