namespace Swim.Simulation

open System.Buffers
open Swim
open Swim.Core

/// Runs one member: takes a step, has its effects carried out, and answers for the member's broadcast
/// handler. The only place where a member's state changes, but for the start of a process.
[<Sealed>]
type internal MemberDriver<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        stepper: Stepper<'Id>,
        transport: Transport<'Id>,
        effectRunner: EffectRunner<'Id>,
        timeline: Timeline<'Id>,
        trace: RunTrace,
        observer: IRunObserver<'Id>
    ) =

    let takeStep (node: Node<'Id>) (event: Event<'Id>) : Effects<'Id> =
        let before = node.State
        let struct (after, effects) = stepper.Invoke(node.Rules, before, event)
        node.State <- after
        trace.Steps <- trace.Steps + 1L

        trace.Note(
            uint64 timeline.Now
            ^^^ (uint64 node.Number <<< 48)
            ^^^ after.Random.Seed
            ^^^ uint64 effects.Count
        )

        observer.Stepped(timeline.Now, node, before, event, effects)
        effects

    // The broadcast handshake (R9.5): the core offers the broadcasts of a packet, the handler accepts what is
    // new to it, and the core answers the packet once all were handled.
    let handleBroadcasts (node: Node<'Id>) (effects: Effects<'Id>) =
        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | OfferBroadcast(_, payload) ->
                match node.Values.Receive payload with
                | ValueSome key -> takeStep node (BroadcastAccepted(key, payload)) |> ignore
                | ValueNone -> ()
            | _ -> ()

        effectRunner.CarryOut(node, takeStep node BroadcastsHandled)

    /// Feeds an event to a member.
    member _.Step(node: Node<'Id>, event: Event<'Id>) : unit =
        let effects = takeStep node event
        effectRunner.CarryOut(node, effects)

        if node.State.PendingReply.IsSome then
            handleBroadcasts node effects

    /// Feeds the bytes of a packet to a member, and returns them to the pool.
    member driver.Receive(node: Node<'Id>, bytes: byte[], length: int) : unit =
        let mutable packet = Unchecked.defaultof<Packet<'Id>>

        if transport.TryDecode(node, bytes, length, &packet) then
            driver.Step(node, PacketReceived packet)

        ArrayPool<byte>.Shared.Return bytes
