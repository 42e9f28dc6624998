namespace Swim.Fuzz

open System
open Swim
open Swim.Core

/// Checks what a member sends against the codec: it can be encoded, is as long as the core computes, and is decoded
/// as what it was.
[<Sealed>]
type internal Outgoing(rules: Rules<NodeIdentity>) =

    let codec = PacketCodec<NodeIdentity> NodeIdentityCodec.Instance
    let buffer: byte[] = Array.zeroCreate rules.Config.MaxPacketSize

    member _.Check(packet: Packet<NodeIdentity>) : unit =
        let mutable length = 0
        let mutable decoded = Unchecked.defaultof<Packet<NodeIdentity>>

        if not (codec.TryEncode(&packet, buffer.AsSpan(), &length)) then
            Fault.found "a packet that does not fit: %A" packet.Header

        if length <> Packet.size rules packet then
            Fault.found "a packet of %d bytes that the core takes for %d" length (Packet.size rules packet)

        match codec.Decode(ReadOnlySpan(buffer, 0, length), &decoded) with
        | SwimError.None when decoded = packet -> ()
        | error -> Fault.found "a packet that is read as something else (%O): %A" error packet.Header
