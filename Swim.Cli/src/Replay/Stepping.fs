namespace Swim.Cli.Replay

open System
open System.Collections.Generic
open System.IO

/// Goes through a recording by commands, one a line; it needs no terminal.
[<RequireQualifiedAccess>]
module Stepping =

    type private Command =
        | Forward of int
        | Back
        | Quit
        | Unknown

    let private prompt = "Enter: next, a number: that many, b: back, q: quit"

    let private commandOf (line: string | null) =
        match line with
        | null -> Quit
        | line ->
            match line.Trim().ToLowerInvariant() with
            | "" -> Forward 1
            | "b" -> Back
            | "q" -> Quit
            | text ->
                match Int32.TryParse text with
                | true, count when count > 0 -> Forward count
                | _ -> Unknown

    /// Writes the entries that `next` returns, as the commands of `input` ask for them. Entries that were shown are
    /// kept, to go back to.
    let run (next: unit -> string list option) (input: TextReader) (output: TextWriter) : unit =
        let shown = List<string list>()
        let mutable position = -1
        let mutable isOver = false
        let show () = shown[position] |> List.iter (fun line -> output.WriteLine line)

        let forward () =
            if position + 1 < shown.Count then
                position <- position + 1
                show ()
                true
            else
                match next () with
                | Some lines ->
                    shown.Add lines
                    position <- position + 1
                    show ()
                    true
                | None ->
                    output.WriteLine "that was the last entry; type b to go back, q to quit"
                    false

        output.WriteLine prompt

        while not isOver do
            match commandOf (input.ReadLine()) with
            | Quit -> isOver <- true
            | Unknown -> output.WriteLine prompt
            | Back when position > 0 ->
                position <- position - 1
                show ()
            | Back -> output.WriteLine "that is the first entry; press Enter for the next, q to quit"
            | Forward count ->
                let mutable left = count

                while left > 0 && forward () do
                    left <- left - 1
