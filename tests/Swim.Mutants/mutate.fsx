// Copies the core's sources, with each mutant behind a switch: mutate.fsx <sources> <target>
#load "Mutants.fs"

open System.IO
open Swim.Mutants.Mutants

let private source, target =
    match fsi.CommandLineArgs with
    | [| _; source; target |] -> source, target
    | arguments -> failwith $"two folders were expected, not {List.ofArray arguments}"

let private all = read __SOURCE_DIRECTORY__

let private occurrences (part: string) (text: string) = text.Split(part).Length - 1

let private apply (text: string) (number: int, mutant: Mutant) =
    let opens = mutant.Place.IndexOf '«'
    let closes = mutant.Place.IndexOf '»'
    let original = mutant.Place[opens + 1 .. closes - 1]
    let place = mutant.Place.Remove(closes, 1).Remove(opens, 1)

    if occurrences place text <> 1 then
        failwith $"{mutant.File}.fs has not exactly one place for \"{mutant.Name}\": {place}"

    let switch = $"(if Mutant.is {number} then ({mutant.By}) else ({original}))"
    text.Replace(place, mutant.Place[.. opens - 1] + switch + mutant.Place[closes + 1 ..])

Directory.CreateDirectory target |> ignore

for file in Directory.GetFiles(source, "*.fs", SearchOption.AllDirectories) do
    let name = Path.GetFileNameWithoutExtension file
    let here = List.indexed all |> List.filter (fun (_, mutant) -> mutant.File = name)

    let mutated =
        (File.ReadAllText file, here)
        ||> List.fold (fun text (index, mutant) -> apply text (index + 1, mutant))

    File.WriteAllText(Path.Combine(target, name + ".fs"), mutated)
