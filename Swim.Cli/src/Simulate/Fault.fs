namespace Swim.Cli.Simulate

open System
open Swim.Cli
open Swim.Simulation

/// A fault of some members, as an option describes it: `3 at 20s for 5s`.
type Fault =
    {
        /// How many members it concerns.
        Count: int
        /// When it begins; if not given, once the members know each other.
        At: TimeSpan option
        /// How long it lasts, if that was given.
        For: TimeSpan option
    }

/// Reads faults from the values of an option.
[<RequireQualifiedAccess>]
module Fault =

    let private time (option: string) example (text: string) =
        match ValueText.tryDuration text with
        | Some time -> time
        | None -> Fail.usage $"'{text}' is not a duration, such as 500ms or 10s; type {option} {example}"

    let rec private details option example hasLength (fault: Fault) words =
        match words with
        | [] -> fault
        | "at" :: at :: rest when fault.At.IsNone ->
            details option example hasLength { fault with At = Some(time option example at) } rest
        | "for" :: length :: rest when hasLength && fault.For.IsNone ->
            details option example hasLength { fault with For = Some(time option example length) } rest
        | word :: _ -> Fail.usage $"'{word}' is not expected there; type {option} {example}"

    /// Reads COUNT, then `at TIME`, then `for TIME` if the fault has a length; `example` is a valid value.
    let read (option: string) (example: string) (hasLength: bool) (words: string list) : Fault =
        match words |> List.collect ScenarioText.words with
        | [] -> Fail.usage $"{option} needs a value; type {option} {example}"
        | count :: rest ->
            match ValueText.tryNumber 0 ValueText.MostNodes count with
            | Some count -> details option example hasLength { Count = count; At = None; For = None } rest
            | None -> Fail.usage $"'{count}' is not a number of members; type {option} {example}"
