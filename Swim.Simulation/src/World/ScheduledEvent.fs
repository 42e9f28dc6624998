namespace Swim.Simulation

open Swim
open Swim.Core

/// What a scheduled event is about.
type internal ScheduledEventKind =
    | PacketArrival = 0uy
    | TimerDue = 1uy
    | JoinDue = 2uy
    | PauseOver = 3uy
    | FreezeOver = 4uy
    | ActionDue = 5uy
    | StartDue = 6uy

/// Something that will happen at a known time. One flat struct for all kinds, so that the queue allocates
/// nothing for it.
[<Struct; NoEquality; NoComparison>]
type internal ScheduledEvent<'Id> =
    {
        Kind: ScheduledEventKind
        /// The number of the member, or the index of the scenario's action.
        Node: int
        /// The process that it belongs to (`Node.Life`): a process that ended has no timers.
        Life: int
        /// The length of the packet in bytes, or the decision about joining (`Node.JoinDecision`).
        Number: int
        Bytes: byte[]
        Timer: Timer<'Id>
    }

[<RequireQualifiedAccess>]
module internal ScheduledEvent =

    /// An event of this kind without a packet, a timer or a number.
    let create kind node life : ScheduledEvent<'Id> =
        {
            Kind = kind
            Node = node
            Life = life
            Number = 0
            Bytes = Unchecked.defaultof<byte[]>
            Timer = Unchecked.defaultof<Timer<'Id>>
        }
