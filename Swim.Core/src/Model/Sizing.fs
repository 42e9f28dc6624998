namespace Swim.Core

open System
open Swim

/// Sizes that follow from the number of members that are known, this one included (R15.1).
[<RequireQualifiedAccess>]
module internal Sizing =

    let private longest = TimeSpan.FromDays 49.0

    let private atMost (limit: TimeSpan) (value: TimeSpan) = if value > limit then limit else value

    let rec private digits (count: int) = if count < 10 then 1 else 1 + digits (count / 10)

    /// The number of packets that carry an update or a custom broadcast.
    let transmissions (config: inref<SwimConfig>) (members: int) : int =
        if config.TransmissionMultiplier = 0 then
            config.MaxTransmissions
        else
            min 255 (config.TransmissionMultiplier * digits members)

    /// The shortest time to refute a suspicion.
    let suspicion (config: inref<SwimConfig>) (members: int) : TimeSpan =
        if config.SuspicionMultiplier = 0 then
            config.SuspectToDownAfter
        else
            // In thousandths, so that the logarithm is the same on all machines.
            let thousandths = max 1000L (int64 (Math.Round(Math.Log10(float members) * 1000.0)))

            config.ProbePeriod.Ticks / 1000L * thousandths * int64 config.SuspicionMultiplier
            |> TimeSpan.FromTicks
            |> atMost longest

    /// The longest time to refute a suspicion.
    let longestSuspicion (config: inref<SwimConfig>) (shortest: TimeSpan) : TimeSpan =
        shortest * float config.MaxSuspicionFactor |> atMost longest

    /// R14.1: the probe period of a member with this local health.
    let probePeriod (config: inref<SwimConfig>) (health: int) : TimeSpan =
        config.ProbePeriod * float (health + 1) |> atMost longest
