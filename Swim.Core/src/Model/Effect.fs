namespace Swim.Core

open System
open System.Collections
open System.Collections.Generic
open Swim

/// What a step asks the host to do.
type Effect<'Id when 'Id: equality> =
    /// Send this packet to its destination.
    | Send of Packet<'Id>
    /// Give this timer back, once, after that time.
    | Schedule of timer: Timer<'Id> * after: TimeSpan
    /// Tell the user of this event (R3.3).
    | Notify of SwimEvent<'Id>
    /// Ask the broadcast handler about this item. After all items of the packet, answer with `BroadcastsHandled`
    /// (R9.5).
    | OfferBroadcast of sender: 'Id * payload: Payload
    /// Tell the source of the event why it was refused, or what went wrong (R11).
    | Report of SwimError

/// The effects of a step, in order. Most steps have one effect, which needs no list.
[<Struct; NoEquality; NoComparison>]
type Effects<'Id when 'Id: equality> internal (first: Effect<'Id>, rest: Effect<'Id>[]) =

    /// No effects.
    static member Empty: Effects<'Id> = Unchecked.defaultof<_>

    static member internal Of(effects: ReadOnlySpan<Effect<'Id>>) : Effects<'Id> =
        if effects.IsEmpty then
            Effects<'Id>.Empty
        else
            Effects(effects[0], effects.Slice(1).ToArray())

    /// The number of effects.
    member _.Count = if obj.ReferenceEquals(first, null) then 0 else 1 + rest.Length

    /// The effect at `index`, from 0 to `Count` - 1.
    member _.Item
        with get (index: int): Effect<'Id> = if index = 0 then first else rest[index - 1]

    member private effects.Enumerate() : IEnumerator<Effect<'Id>> =
        let copy = effects
        (seq { for index in 0 .. copy.Count - 1 -> copy[index] }).GetEnumerator()

    interface IReadOnlyList<Effect<'Id>> with
        member effects.Count = effects.Count

        member effects.Item
            with get index = effects[index]

        member effects.GetEnumerator() : IEnumerator<Effect<'Id>> = effects.Enumerate()
        member effects.GetEnumerator() : IEnumerator = effects.Enumerate()
