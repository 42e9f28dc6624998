namespace Swim.Cli

open System

/// Finds the word that was meant by one that is unknown.
[<RequireQualifiedAccess>]
module Suggestion =

    /// How many characters have to be inserted, deleted or replaced to turn one word into the other (the
    /// Levenshtein distance).
    let distance (left: string) (right: string) : int =
        // One row of the table at a time: the distances of the first letters of `left` to all of `right`.
        let first = Array.init (right.Length + 1) id

        let nextRow (previous: int array) letter =
            let folder (diagonal, beside) (index: int) =
                let replaced = if right[index] = letter then diagonal else diagonal + 1
                let best = min replaced (1 + min beside previous[index + 1])
                previous[index + 1], best

            [| 0 .. right.Length - 1 |]
            |> Array.scan folder (previous[0], previous[0] + 1)
            |> Array.map snd

        left |> Seq.fold nextRow first |> Array.last

    /// The candidate that is closest to the word, if it is close enough to be a typing error.
    let nearest (word: string) (candidates: string list) : string option =
        let plain = word.ToLowerInvariant()

        let startsAlike (candidate: string) =
            plain.Length > 2 && candidate.StartsWith(plain, StringComparison.Ordinal)

        let endsAlike (candidate: string) =
            plain.Length > 2
            && candidate.EndsWith("-" + plain.TrimStart('-'), StringComparison.Ordinal)

        let far candidate =
            if startsAlike candidate || endsAlike candidate then
                1
            else
                distance plain candidate

        match candidates |> List.map (fun candidate -> far candidate, candidate) |> List.sort with
        | (best, candidate) :: _ when best <= max 1 (plain.Trim('-').Length / 2) -> Some candidate
        | _ -> None
