namespace Swim.Simulation

open System
open Swim.Core

/// How long a packet is under way. Only whole numbers are calculated with, so that no machine's
/// arithmetic makes a difference.
type Latency =
    /// Always the same.
    | Fixed of TimeSpan
    /// Anything from `least` to `most`, all as likely.
    | Uniform of least: TimeSpan * most: TimeSpan
    /// Half of all packets take from half of the median to the median, 49 of 100 from there to the 99th
    /// percentile, one of 100 from there to the longest.
    | LongTail of median: TimeSpan * percentile99: TimeSpan * longest: TimeSpan

/// Loss that comes in bursts (Gilbert and Elliott): a link is now good, now bad. In parts per million.
type Burst =
    {
        /// How likely a good link turns bad with a packet.
        Begin: int
        /// How likely a bad link turns good with a packet.
        End: int
        /// How likely a packet is lost on a bad link.
        Loss: int
    }

/// What a link does to packets. Likelihoods are in parts per million.
type Quality =
    {
        Latency: Latency
        /// How likely a packet is lost.
        Loss: int
        /// Loss beyond that, in bursts.
        Burst: Burst option
        /// How likely a packet arrives twice.
        Duplication: int
        /// How likely a packet is held back, for up to `ReorderingDelay` more.
        Reordering: int
        ReorderingDelay: TimeSpan
        /// How likely some bits of a packet are flipped, or its end is cut off.
        Corruption: int
    }

[<RequireQualifiedAccess>]
module Quality =

    /// All packets arrive within half a millisecond.
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

    /// Whether something happens that is as likely as `partsPerMillion`.
    let happens (partsPerMillion: int) (random: byref<Generator>) : bool =
        partsPerMillion > 0 && Generator.below &random million < partsPerMillion

    let private between (random: byref<Generator>) (least: TimeSpan) (most: TimeSpan) : int64 =
        let span = most.Ticks - least.Ticks

        if span <= 0L then
            least.Ticks
        elif span < int64 Int32.MaxValue then
            least.Ticks + int64 (Generator.below &random (int span + 1))
        else
            least.Ticks + int64 (Generator.next &random % uint64 (span + 1L))

    /// From nothing to `most`, in ticks.
    let upTo (most: TimeSpan) (random: byref<Generator>) : int64 = between &random TimeSpan.Zero most

    /// How long a packet is under way, in ticks.
    let delay (latency: Latency) (random: byref<Generator>) : int64 =
        match latency with
        | Fixed delay -> delay.Ticks
        | Uniform(least, most) -> between &random least most
        | LongTail(median, percentile99, longest) ->
            let drawn = Generator.below &random 100

            if drawn < 50 then between &random (median / 2.0) median
            elif drawn < 99 then between &random median percentile99
            else between &random percentile99 longest
