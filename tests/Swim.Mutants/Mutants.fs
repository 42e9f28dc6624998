/// Reads `mutants.txt`: mistakes that a change of the core could make.
module Swim.Mutants.Mutants

open System.IO

/// One mistake.
type Mutant =
    {
        Rule: string
        /// The file of the core that it is in, without its extension.
        File: string
        /// What is wrong.
        Name: string
        /// Where it is: text that the file has once, with the part that changes between « and ».
        Place: string
        /// What stands there instead.
        By: string
    }

let private parse (head: string) (place: string) (by: string) : Mutant =
    let after (prefix: string) (line: string) =
        if line.StartsWith prefix then
            line.Substring prefix.Length
        else
            failwith $"mutants.txt: '{line}' does not begin with '{prefix}'"

    match head.Split([| ' '; ':' |], 3) with
    | [| rule; file; name |] ->
        {
            Rule = rule
            File = file
            Name = name.Trim()
            Place = (after "    in " place).Replace("\\n", "\n")
            By = after "    by " by
        }
    | _ -> failwith $"mutants.txt: '{head}' has no rule, file and name"

/// All of them, from `mutants.txt` in that folder. A mutant's number is its place, from 1.
let read (folder: string) : Mutant list =
    File.ReadAllLines(Path.Combine(folder, "mutants.txt"))
    |> Array.skipWhile (fun line -> not (line.StartsWith "R"))
    |> Array.filter (fun line -> line <> "")
    |> Array.chunkBySize 3
    |> Array.map (function
        | [| head; place; by |] -> parse head place by
        | rest -> failwith $"mutants.txt ends with %A{rest}")
    |> List.ofArray
