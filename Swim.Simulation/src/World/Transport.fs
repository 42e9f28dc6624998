namespace Swim.Simulation

open System
open System.Buffers
open System.Buffers.Binary
open Swim
open Swim.Core

/// Carries packets between members: encodes them, has the network decide their fate, schedules their arrival,
/// and decodes them.
[<Sealed>]
type internal Transport<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        scheme: IdentityScheme<'Id>,
        nodes: int,
        codec: PacketCodec<'Id>,
        network: Network,
        timeline: Timeline<'Id>,
        trace: RunTrace
    ) =

    let scheduleArrival (datagram: Datagram) (delay: int64) =
        timeline.Schedule(
            timeline.Now + delay,
            { ScheduledEvent.create ScheduledEventKind.PacketArrival datagram.Destination 0 with
                Bytes = datagram.Bytes
                Number = datagram.Length
            }
        )

    /// Puts a datagram onto the network.
    member _.Transmit(from: int, datagram: Datagram) : unit =
        let fate = network.Send(from, datagram.Destination)

        if fate.Copies = 0 then
            ArrayPool<byte>.Shared.Return datagram.Bytes
        else
            if fate.Copies = 2 then
                let copy = ArrayPool<byte>.Shared.Rent datagram.Length
                Array.Copy(datagram.Bytes, copy, datagram.Length)
                scheduleArrival { datagram with Bytes = copy } fate.Second

            let length =
                if fate.IsDamaged then
                    network.Damage(datagram.Bytes.AsSpan(0, datagram.Length))
                else
                    datagram.Length

            scheduleArrival { datagram with Length = length } fate.First

    /// Sends a packet of a member. A paused member's packets wait until its pause is over.
    member transport.Send(node: Node<'Id>, packet: inref<Packet<'Id>>) : unit =
        let size = Packet.size node.Rules packet
        let bytes = ArrayPool<byte>.Shared.Rent size
        let mutable length = 0

        if not (codec.TryEncode(&packet, bytes.AsSpan(0, size), &length)) || length <> size then
            failwith $"The codec wrote {length} bytes of {size} for %A{packet.Header.Kind}."

        // After magic and version comes a checksum of the rest of the packet.
        trace.Note(uint64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(bytes, 3, 4))))
        node.Sent <- node.Sent + 1L
        node.SentBytes <- node.SentBytes + int64 length
        let destination = scheme.NodeOf packet.Header.Destination
        let datagram = { Bytes = bytes; Length = length; Destination = destination }

        if destination < 1 || destination > nodes then
            ArrayPool<byte>.Shared.Return bytes
        elif timeline.Now < node.PausedUntil then
            node.Unsent.Enqueue datagram
        else
            transport.Transmit(node.Number, datagram)

    /// Gives a running member a packet that arrived, unless it is refused, which is counted. The bytes go back to
    /// the pool.
    member _.Deliver(node: Node<'Id>, bytes: byte[], length: int) : unit =
        trace.Delivered <- trace.Delivered + 1L
        let mutable packet = Unchecked.defaultof<Packet<'Id>>

        let isPacket =
            length <= node.Rules.Config.MaxPacketSize
            && codec.Decode(ReadOnlySpan(bytes, 0, length), &packet) = SwimError.None

        if isPacket then
            node.Handle(PacketReceived packet)
        else
            node.Refused <- node.Refused + 1L

        ArrayPool<byte>.Shared.Return bytes
