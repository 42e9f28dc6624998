namespace Swim.Fuzz

open System
open Swim.Core
open Swim

/// Whatever arrives is a packet or an error (R9.1): the input is the body of a packet, any bytes.
[<Sealed>]
type internal DecodeTarget(inner: ICodec<NodeIdentity>) =

    let codec = PacketCodec<NodeIdentity> inner
    let again: byte[] = Array.zeroCreate 65536
    let anyIPv4 = UInt128(0UL, 0xFFFF_0000_0000UL)

    // A packet that is read keeps its custom broadcasts: a copy of them, a list that doubles, an array. The
    // list of updates stays with the codec and doubles. All goes by what is there, nothing by what a count says.
    let allowance length = 4096L + 64L * int64 length

    let decode (data: byte[]) (packet: byref<Packet<NodeIdentity>>) =
        let thrown = Thrown.Count
        let before = GC.GetAllocatedBytesForCurrentThread()
        let error = codec.Decode(ReadOnlySpan data, &packet)
        let allocated = GC.GetAllocatedBytesForCurrentThread() - before
        Thrown.ExpectNoneSince(thrown, "decoding")

        if allocated > allowance data.Length then
            Fault.found "decoding %d bytes allocated %d" data.Length allocated

        error

    let expectSameBytes (data: byte[]) (packet: Packet<NodeIdentity>) =
        let mutable length = 0

        if not (codec.TryEncode(&packet, again.AsSpan(), &length)) then
            Fault.found "a packet that was read cannot be written"

        if not (ReadOnlySpan(data).SequenceEqual(ReadOnlySpan(again, 0, length))) then
            Fault.found "a packet that was read is written as %s" (Convert.ToHexString(again, 0, length))

    let expectEndPoint (identity: NodeIdentity) =
        let isAny = identity.AddressBits = UInt128.Zero || identity.AddressBits = anyIPv4

        if isAny || identity.Port = 0 then
            Fault.found "an endpoint that no member can have: %O" identity

    /// What no packet says, though it could be written (spec/wire-format.md, sections 2, 3 and 5).
    let expectSayable (packet: Packet<NodeIdentity>) =
        expectEndPoint packet.Header.Source
        expectEndPoint packet.Header.Destination

        if packet.Header.NamesMember then
            expectEndPoint packet.Header.Named
        elif packet.Header.Named <> Unchecked.defaultof<NodeIdentity> then
            Fault.found "%O names %O" packet.Header.Kind packet.Header.Named

        if not packet.Header.HasProbeNumber && packet.Header.ProbeNumber <> 0u then
            Fault.found "%O has the probe number %d" packet.Header.Kind packet.Header.ProbeNumber

        for record in packet.Updates do
            expectEndPoint record.Identity

        for payload in packet.Broadcasts do
            if payload.Length = 0 then
                Fault.found "an empty broadcast"

    let expectFraming (data: byte[]) =
        let mutable packet = Unchecked.defaultof<Packet<NodeIdentity>>

        // The checksum finds every damage of one bit. Which bit: any, but the same each time.
        let bit = int (Crc32C.Of(ReadOnlySpan data) % uint32 (8 * data.Length))
        data[bit / 8] <- data[bit / 8] ^^^ (1uy <<< (bit % 8))

        match codec.Decode(ReadOnlySpan data, &packet) with
        | SwimError.Decode -> ()
        | error -> Fault.found "%O for a packet of which bit %d was damaged" error bit

        data[bit / 8] <- data[bit / 8] ^^^ (1uy <<< (bit % 8))

    /// The same, of the codec that comes with the library.
    new() = DecodeTarget NodeIdentityCodec.Instance

    /// Reads a packet with this body; what the decoder says.
    member _.Read(body: ReadOnlySpan<byte>, packet: byref<Packet<NodeIdentity>>) : SwimError =
        let data = Frame.seal body
        let error = decode data &packet

        match error with
        | SwimError.None ->
            expectSayable packet
            expectSameBytes data packet
        | SwimError.Decode
        | SwimError.MalformedPacket -> ()
        | other -> Fault.found "%O is no answer of a decoder" other

        error

    /// All that holds of the decoder, for this body.
    member target.Check(body: byte[]) : SwimError =
        let mutable packet = Unchecked.defaultof<Packet<NodeIdentity>>

        // As it stands, without a frame: noise, unless it happens to begin as a packet does.
        match decode body &packet with
        | SwimError.None -> expectSameBytes body packet
        | _ -> ()

        expectFraming (Frame.seal (ReadOnlySpan body))
        target.Read(ReadOnlySpan body, &packet)
