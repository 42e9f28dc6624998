namespace Swim.Cli

open System
open Swim.Simulation

/// Something that is done to some members, as an option says it: `3 at 20s for 5s`.
type SimulateFault =
    {
        /// To how many members.
        Count: int
        /// When; if it is not said, when the members know each other.
        At: TimeSpan option
        /// For how long, if that was said.
        For: TimeSpan option
    }

/// Reads what is done from the values of an option.
[<RequireQualifiedAccess>]
module SimulateFault =

    let private time (option: string) example (text: string) =
        match TextValue.tryDuration text with
        | Some time -> time
        | None -> Fail.usage $"'{text}' is no time, such as 500ms or 10s; type {option} {example}"

    let rec private details option example hasLength (fault: SimulateFault) words =
        match words with
        | [] -> fault
        | "at" :: at :: rest when fault.At.IsNone ->
            details option example hasLength { fault with At = Some(time option example at) } rest
        | "for" :: length :: rest when hasLength && fault.For.IsNone ->
            details option example hasLength { fault with For = Some(time option example length) } rest
        | word :: _ -> Fail.usage $"'{word}' is not expected there; type {option} {example}"

    /// COUNT, then `at TIME`, then `for TIME` where that makes sense; `example` is one that would do.
    let read (option: string) (example: string) (hasLength: bool) (words: string list) : SimulateFault =
        match words |> List.collect ScenarioText.words with
        | [] -> Fail.usage $"{option} needs a value; type {option} {example}"
        | count :: rest ->
            match TextValue.tryNumber 0 TextValue.MostNodes count with
            | Some count -> details option example hasLength { Count = count; At = None; For = None } rest
            | None -> Fail.usage $"'{count}' is no number of members; type {option} {example}"
