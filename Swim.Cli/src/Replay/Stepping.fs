namespace Swim.Cli

open System
open System.Collections.Generic
open System.IO

/// Goes through a recording as somebody asks for it, line by line; a terminal is not needed.
[<RequireQualifiedAccess>]
module ReplayStepping =

    type private Wish =
        | Forward of int
        | Back
        | Quit
        | Unclear

    let private prompt = "Enter: next, a number: that many, b: back, q: quit"

    let private wish (line: string | null) =
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
                | _ -> Unclear

    /// Shows what `next` gives, one after the other, as `input` asks for it. What was shown is kept, to go
    /// back to.
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
                    output.WriteLine "that was the last; b goes back, q ends"
                    false

        output.WriteLine prompt

        while not isOver do
            match wish (input.ReadLine()) with
            | Quit -> isOver <- true
            | Unclear -> output.WriteLine prompt
            | Back when position > 0 ->
                position <- position - 1
                show ()
            | Back -> output.WriteLine "that is the first; Enter goes on, q ends"
            | Forward count ->
                let mutable left = count

                while left > 0 && forward () do
                    left <- left - 1
