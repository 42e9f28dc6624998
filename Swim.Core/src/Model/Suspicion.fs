namespace Swim.Core

open System
open Swim

/// What a member remembers of a suspicion, beside the Suspect record (R14.2). It lasts as long as the record.
[<AllowNullLiteral; Sealed>]
type internal Suspicion<'Id>
    (first: Accuser<'Id>, accusers: 'Id list, wanted: int, pending: int, shortest: TimeSpan, longest: TimeSpan)
    =

    /// The member that raised the suspicion, if the record says so.
    member _.First = first

    /// The members whose word was counted, and the one that raised the suspicion: none counts again.
    member _.Accusers = accusers

    /// How many members confirmed the suspicion since it was raised.
    member _.Confirmations = List.length accusers - (if isNull first then 0 else 1)

    /// How many must confirm it for the shortest time to hold.
    member _.Wanted = wanted

    /// With how many confirmations the suspicion expires when the pending timer fires.
    member _.Pending = pending

    /// The time to refute if `Wanted` members confirm.
    member _.Shortest = shortest

    /// The time to refute if no other member confirms.
    member _.Longest = longest

    /// The same suspicion with another pending timer.
    member _.Awaiting(next: int) = Suspicion(first, accusers, wanted, next, shortest, longest)

    /// The same suspicion, which another member confirms.
    member _.ConfirmedBy(accuser: 'Id) =
        Suspicion(first, accuser :: accusers, wanted, pending, shortest, longest)

/// The times of a suspicion.
[<RequireQualifiedAccess>]
module internal Suspicion =

    /// With how many confirmations the suspicion expires when the pending timer fires; 0 where none are counted.
    let pending (suspicion: Suspicion<'Id>) : int = if isNull suspicion then 0 else suspicion.Pending

    /// R14.2: the time to refute when so many members confirmed, out of the `wanted` ones: from the longest, down to
    /// the shortest, by the logarithm. In whole milliseconds.
    let timeout (wanted: int) (shortest: TimeSpan) (longest: TimeSpan) (confirmations: int) : TimeSpan =
        if confirmations >= wanted then
            shortest
        else
            let share = Math.Log(float (confirmations + 1)) / Math.Log(float (wanted + 1))
            // In thousandths, so that the logarithm is the same on all machines.
            let thousandths = int64 (Math.Round(share * 1000.0))
            let taken = (longest.Ticks - shortest.Ticks) / 1000L * thousandths
            let ticks = longest.Ticks - taken
            TimeSpan.FromTicks(max shortest.Ticks (ticks - ticks % TimeSpan.TicksPerMillisecond))
