namespace Swim.Core

open System
open Swim

/// What a broadcast handler says of an item that it is offered (R9.5).
[<Struct; NoEquality; NoComparison>]
type OfferAnswer =
    /// The item is no item; the rest of the packet's items are not offered.
    | Invalid
    /// The handler knows the item, or a newer one.
    | Stale
    /// The item is new: it is disseminated from now on, under this key, as these bytes.
    | Fresh of key: BroadcastKey * payload: Payload

/// Carries out the effects of a member's steps, in their order.
type IEffectHandler<'Id when 'Id: equality> =

    /// Sends a packet. `Encode` if it cannot be written, else `None`.
    abstract Send: packet: inref<Packet<'Id>> -> SwimError

    /// Gives the timer back, as `TimerFired`, after that long.
    abstract Schedule: timer: Timer<'Id> * after: TimeSpan -> unit

    /// Tells the user what changed.
    abstract Notify: event: inref<SwimEvent<'Id>> -> unit

    /// Asks the broadcast handler about an item of a packet. The payload is only readable during the call.
    abstract Offer: sender: 'Id * payload: Payload -> OfferAnswer

    /// The broadcast handler, or one of its keys, threw. The item counts as invalid.
    abstract OfferFailed: failure: exn -> unit
