/// The frame of a packet (spec/wire-format.md, section 1). The fuzzers make bodies; the frame around them is
/// always right, or no input would get past the checksum.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Frame

open System
open System.Buffers.Binary
open Swim

/// Magic, version and checksum.
let size = 7

/// Any body as a whole packet.
let seal (body: ReadOnlySpan<byte>) : byte[] =
    let packet = Array.zeroCreate (size + body.Length)
    packet[0] <- byte 'S'
    packet[1] <- byte 'W'
    packet[2] <- 2uy
    BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan 3, Crc32C.Of body)
    body.CopyTo(packet.AsSpan size)
    packet
