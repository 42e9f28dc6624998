namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// How long a packet takes. Only computed with whole numbers, so that every machine gets the same result.
type Latency =
    /// Always this long.
    | Fixed of TimeSpan
    /// From `least` to `most`, evenly distributed.
    | Uniform of least: TimeSpan * most: TimeSpan
    /// Half of all packets take from half of the median to the median, 49 of 100 from there to the 99th
    /// percentile, one of 100 from there to the longest.
    | LongTail of median: TimeSpan * percentile99: TimeSpan * longest: TimeSpan

/// Loss in bursts (the Gilbert-Elliott model): a link alternates between good and bad. In parts per million.
type Burst =
    {
        /// The probability that a good link turns bad with a packet.
        Begin: int
        /// The probability that a bad link turns good with a packet.
        End: int
        /// The probability that a bad link loses a packet.
        Loss: int
    }

/// What a link does to packets. Probabilities are in parts per million.
type Quality =
    {
        Latency: Latency
        /// The probability that a packet is lost.
        Loss: int
        /// Further loss, in bursts.
        Burst: Burst option
        /// The probability that a packet arrives twice.
        Duplication: int
        /// The probability that a packet is delayed by up to `ReorderingDelay` more.
        Reordering: int
        ReorderingDelay: TimeSpan
        /// The probability that bits of a packet are flipped, or its end is cut off.
        Corruption: int
    }

[<RequireQualifiedAccess>]
module Quality =

    /// All packets arrive, within 0.1 to 0.5 ms.
    let perfect: Quality =
        {
            Latency = Uniform(TimeSpan.FromMicroseconds 100.0, TimeSpan.FromMicroseconds 500.0)
            Loss = 0
            Burst = None
            Duplication = 0
            Reordering = 0
            ReorderingDelay = TimeSpan.Zero
            Corruption = 0
        }

    let private million = 1_000_000

    /// Draws an event of this probability: whether it happens.
    let happens (partsPerMillion: int) (random: byref<RandomGenerator>) : bool =
        partsPerMillion > 0 && RandomGenerator.below &random million < partsPerMillion

    let private between (random: byref<RandomGenerator>) (least: TimeSpan) (most: TimeSpan) : int64 =
        let span = most.Ticks - least.Ticks

        if span <= 0L then
            least.Ticks
        elif span < int64 Int32.MaxValue then
            least.Ticks + int64 (RandomGenerator.below &random (int span + 1))
        else
            least.Ticks + int64 (RandomGenerator.next &random % uint64 (span + 1L))

    /// Draws a duration from zero to `most`, in ticks.
    let upTo (most: TimeSpan) (random: byref<RandomGenerator>) : int64 = between &random TimeSpan.Zero most

    /// Draws how long a packet takes, in ticks.
    let delay (latency: Latency) (random: byref<RandomGenerator>) : int64 =
        match latency with
        | Fixed delay -> delay.Ticks
        | Uniform(least, most) -> between &random least most
        | LongTail(median, percentile99, longest) ->
            let drawn = RandomGenerator.below &random 100

            if drawn < 50 then between &random (median / 2.0) median
            elif drawn < 99 then between &random median percentile99
            else between &random percentile99 longest
