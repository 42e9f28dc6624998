namespace Swim.Simulation

open System

/// The distribution of some durations. Each percentile is one of the durations (nearest rank), and the mean
/// is rounded down to a tick, so that every machine gets the same result.
type Percentiles =
    {
        /// How many durations there were.
        Count: int
        Mean: TimeSpan
        Median: TimeSpan
        Percentile99: TimeSpan
        Percentile999: TimeSpan
        Longest: TimeSpan
    }

[<RequireQualifiedAccess>]
module Percentiles =

    /// The duration that so many of 1,000 do not exceed. The array must be sorted and not empty.
    let ofSorted (perMille: int) (sorted: TimeSpan[]) : TimeSpan =
        let rank = (int64 sorted.Length * int64 perMille + 999L) / 1000L
        sorted[int (max 1L rank) - 1]

    /// The distribution of these durations; none if there are none.
    let create (durations: seq<TimeSpan>) : Percentiles voption =
        let sorted = Array.ofSeq durations |> Array.sort

        if sorted.Length = 0 then
            ValueNone
        else
            let sum = sorted |> Array.sumBy _.Ticks

            ValueSome
                {
                    Count = sorted.Length
                    Mean = TimeSpan.FromTicks(sum / int64 sorted.Length)
                    Median = ofSorted 500 sorted
                    Percentile99 = ofSorted 990 sorted
                    Percentile999 = ofSorted 999 sorted
                    Longest = sorted[sorted.Length - 1]
                }
