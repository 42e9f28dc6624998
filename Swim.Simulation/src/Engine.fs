namespace Swim.Simulation

open System
open System.Buffers
open System.Buffers.Binary
open Swim
open Swim.Core

/// What can happen next.
type internal Kind =
    | Arrival = 0uy
    | TimerDue = 1uy
    | JoinDue = 2uy
    | PauseOver = 3uy
    | FreezeOver = 4uy
    | DeedDue = 5uy
    | StartDue = 6uy

[<Struct; NoEquality; NoComparison>]
type internal Happening<'Id> =
    {
        Kind: Kind
        /// The member, or the number of the deed.
        Node: int
        /// Whose it is: a process that ended has no timers.
        Life: int
        Bytes: byte[]
        Length: int
        Timer: Timer<'Id>
    }

[<RequireQualifiedAccess>]
module internal Happening =

    let at kind node life : Happening<'Id> =
        {
            Kind = kind
            Node = node
            Life = life
            Bytes = Unchecked.defaultof<byte[]>
            Length = 0
            Timer = Unchecked.defaultof<Timer<'Id>>
        }

/// What members do by themselves on one virtual network and one virtual clock: they take steps, and what they
/// want done is done. `World` says what becomes of them.
[<AbstractClass>]
type Engine<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    internal
    (kit: Kit<'Id>, scenario: Scenario, seed: uint64, observer: IRunObserver<'Id>, step: Stepper<'Id>) =

    let codec = PacketCodec<'Id> kit.Codec
    let queue = EventQueue<Happening<'Id>>()
    let network = Network.Create(scenario.Quality, seed ^^^ 0x6E6574776F726BUL)
    let mutable now = 0L
    let mutable delivered = 0L
    let mutable steps = 0L
    let mutable trace = 0xCBF29CE484222325UL
    let mutable isStopped = false

    let rules: Rules<'Id> = Rules.create scenario.Config IdentityOperations<'Id>.Instance codec

    // Seeds of members are far apart, whatever the seed of the run.
    let seedOf (node: int) (life: int) =
        let mutable random = Generator.create (seed + uint64 node * 0x9E3779B97F4A7C15UL)
        let mutable drawn = Generator.next &random

        for _ in 1..life do
            drawn <- Generator.next &random

        drawn

    let nodes =
        Array.init scenario.Nodes (fun index ->
            let number = index + 1
            Node<'Id>(number, rules, State.create (kit.Identity number 1) (seedOf number 0)))

    // A rolling hash of what happened, to compare runs by.
    let note (value: uint64) = trace <- (trace ^^^ value) * 0x100000001B3UL

    member _.Nodes = nodes
    member _.Network = network
    member _.Scenario = scenario
    member internal _.Queue = queue
    member internal _.Rules = rules
    member internal _.SeedOf(node: int, life: int) = seedOf node life

    /// Now, in ticks since the run began.
    member _.Now
        with get () = now
        and internal set value = now <- value

    /// How many packets arrived at a running process so far.
    member _.Delivered = delivered

    /// How many steps members took so far.
    member _.Steps = steps

    /// A hash of all that happened so far.
    member _.Trace = trace

    /// Ends the run after what happens now.
    member _.Stop() = isStopped <- true

    member _.IsStopped = isStopped

    // Sending.

    member private engine.Enqueue(datagram: Datagram, delay: int64) =
        queue.Add(
            now + delay,
            { Happening.at Kind.Arrival datagram.Destination 0 with
                Bytes = datagram.Bytes
                Length = datagram.Length
            }
        )

    member internal engine.Transmit(from: int, datagram: Datagram) =
        let fate = network.Send(from, datagram.Destination)

        if fate.Copies = 0 then
            ArrayPool<byte>.Shared.Return datagram.Bytes
        else
            if fate.Copies = 2 then
                let copy = ArrayPool<byte>.Shared.Rent datagram.Length
                Array.Copy(datagram.Bytes, copy, datagram.Length)
                engine.Enqueue({ datagram with Bytes = copy }, fate.Second)

            let length =
                if fate.IsDamaged then
                    network.Damage(datagram.Bytes.AsSpan(0, datagram.Length))
                else
                    datagram.Length

            engine.Enqueue({ datagram with Length = length }, fate.First)

    member private engine.Send(node: Node<'Id>, packet: Packet<'Id>) =
        let size = Packet.size node.Rules packet
        let bytes = ArrayPool<byte>.Shared.Rent size
        let mutable length = 0

        if not (codec.TryEncode(&packet, bytes.AsSpan(0, size), &length)) || length <> size then
            failwith $"the codec wrote {length} bytes of {size} for %A{packet.Header.Message}"

        // Behind magic and version stands a checksum of all that the packet says.
        note (uint64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(bytes, 3, 4))))
        node.Sent <- node.Sent + 1L
        node.SentBytes <- node.SentBytes + int64 length
        let destination = kit.NodeOf packet.Header.Destination
        let datagram = { Bytes = bytes; Length = length; Destination = destination }

        if destination < 1 || destination > nodes.Length then
            ArrayPool<byte>.Shared.Return bytes
        elif now < node.PausedUntil then
            node.Unsent.Enqueue datagram
        else
            engine.Transmit(node.Number, datagram)

    // Stepping.

    member private engine.Schedule(node: Node<'Id>, timer: Timer<'Id>, after: TimeSpan) =
        // As a decimal, for the longest timers times a million do not fit into 64 bits.
        let onItsClock =
            if node.ClockRate = 1_000_000 then
                after.Ticks
            else
                decimal after.Ticks * 1_000_000m / decimal node.ClockRate
                |> min (decimal (Int64.MaxValue / 4L))
                |> int64

        let late =
            if node.Lateness > TimeSpan.Zero then
                let mutable random = Generator.create (seedOf node.Number node.Life ^^^ uint64 steps)
                Quality.upTo node.Lateness &random
            else
                0L

        queue.Add(
            now + onItsClock + late,
            { Happening.at Kind.TimerDue node.Number node.Life with Timer = timer }
        )

    member private engine.CarryOut(node: Node<'Id>, effects: Effects<'Id>) =
        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Send packet -> engine.Send(node, packet)
            | Schedule(timer, after) -> engine.Schedule(node, timer, after)
            | Notify Idle ->
                // As the host does, which asks the seeds whenever it is alone (R12.3).
                node.JoinDelay <- TimeSpan.Zero
                node.JoinRound <- node.JoinRound + 1

                queue.Add(
                    now,
                    { Happening.at Kind.JoinDue node.Number node.Life with Length = node.JoinRound }
                )
            | _ -> ()

    member private engine.StepOnly(node: Node<'Id>, event: Event<'Id>) : Effects<'Id> =
        let before = node.State
        let struct (after, effects) = step.Invoke(node.Rules, before, event)
        node.State <- after
        steps <- steps + 1L
        note (uint64 now ^^^ (uint64 node.Number <<< 48) ^^^ after.Random.Seed ^^^ uint64 effects.Count)
        observer.Stepped(now, node, before, event, effects)
        effects

    /// Lets a member take a step, and answers for its broadcast handler (R9.5).
    member engine.Step(node: Node<'Id>, event: Event<'Id>) : unit =
        let effects = engine.StepOnly(node, event)
        engine.CarryOut(node, effects)

        if node.State.PendingReply.IsSome then
            for index in 0 .. effects.Count - 1 do
                match effects[index] with
                | OfferBroadcast(_, payload) ->
                    match node.Values.Receive payload with
                    | ValueSome key -> engine.StepOnly(node, BroadcastAccepted(key, payload)) |> ignore
                    | ValueNone -> ()
                | _ -> ()

            engine.CarryOut(node, engine.StepOnly(node, BroadcastsHandled))

    member internal engine.Receive(node: Node<'Id>, bytes: byte[], length: int) =
        delivered <- delivered + 1L

        if length > node.Rules.Config.MaxPacketSize then
            node.Refused <- node.Refused + 1L
        else
            let mutable packet = Unchecked.defaultof<Packet<'Id>>

            if codec.Decode(ReadOnlySpan(bytes, 0, length), &packet) = SwimError.None then
                engine.Step(node, PacketReceived packet)
            else
                node.Refused <- node.Refused + 1L

        ArrayPool<byte>.Shared.Return bytes
