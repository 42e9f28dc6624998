namespace Swim.Fuzz

open System
open System.Buffers.Binary
open Swim

/// Bytes that know where their fields begin, so that a field can be changed as one.
[<Sealed>]
type internal Fields() =

    let fields = ResizeArray<byte[]>()

    member _.Count = fields.Count

    member _.Item
        with get (index: int): byte[] = fields[index]
        and set (index: int) (value: byte[]) = fields[index] <- value

    member _.Insert(index: int, value: byte[]) = fields.Insert(index, value)
    member _.RemoveAt(index: int) = fields.RemoveAt index

    member _.Bytes(value: byte[]) = fields.Add value
    member _.Byte(value: int) = fields.Add [| byte value |]

    member _.Number16(value: int) =
        let bytes = Array.zeroCreate 2
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(), uint16 value)
        fields.Add bytes

    member _.Number32(value: uint32) =
        let bytes = Array.zeroCreate 4
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(), value)
        fields.Add bytes

    /// Family, address, port and generation (spec/wire-format.md, section 2).
    member fields.Identity(identity: NodeIdentity) =
        let address = Array.zeroCreate 16
        BinaryPrimitives.WriteUInt128BigEndian(address.AsSpan(), identity.AddressBits)
        fields.Byte(if identity.IsIPv4 then 4 else 6)
        fields.Bytes(if identity.IsIPv4 then address[12..] else address)
        fields.Number16 identity.Port
        let generation = Array.zeroCreate 8
        BinaryPrimitives.WriteUInt64BigEndian(generation.AsSpan(), identity.Generation)
        fields.Bytes generation

    /// All fields, one after the other.
    member _.ToArray() : byte[] = Array.concat fields
