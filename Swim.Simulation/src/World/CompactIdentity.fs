namespace Swim.Simulation

open System
open System.Buffers.Binary
open Swim

/// The identity of members in very large runs: eight bytes, where `NodeIdentity` takes 32.
[<Struct; CustomEquality; NoComparison>]
type CompactIdentity =
    {
        Node: int
        Generation: int
    }

    override identity.Equals other =
        match other with
        | :? CompactIdentity as other -> identity.Node = other.Node && identity.Generation = other.Generation
        | _ -> false

    override identity.GetHashCode() = identity.Node
    override identity.ToString() = $"{identity.Node}#{identity.Generation}"

    interface IEquatable<CompactIdentity> with
        member identity.Equals other = identity.Node = other.Node && identity.Generation = other.Generation

    interface IIdentity<CompactIdentity> with
        member identity.HasSameAddress other = identity.Node = other.Node
        member identity.GetAddressHashCode() = identity.Node
        member identity.WinsAddressConflict other = identity.Generation > other.Generation

        member identity.TryRenew(renewed: byref<CompactIdentity>) =
            renewed <- { Node = identity.Node; Generation = identity.Generation + 1 }
            true

/// Writes a `CompactIdentity` as eight bytes.
[<Sealed>]
type internal CompactCodec() =

    let writeIdentity (identity: CompactIdentity) (destination: Span<byte>) =
        BinaryPrimitives.WriteInt32BigEndian(destination, identity.Node)
        BinaryPrimitives.WriteInt32BigEndian(destination.Slice 4, identity.Generation)

    let readIdentity (source: ReadOnlySpan<byte>) : CompactIdentity =
        {
            Node = BinaryPrimitives.ReadInt32BigEndian source
            Generation = BinaryPrimitives.ReadInt32BigEndian(source.Slice 4)
        }

    let isIdentity (identity: CompactIdentity) = identity.Node > 0 && identity.Generation >= 0

    // Kind, source, incarnation, destination; then a probe number and a named member for the kinds with them.
    let sizeOf (kind: MessageKind) =
        if kind = MessageKind.Ping || kind = MessageKind.Ack || kind = MessageKind.Nack then
            23
        elif kind <= MessageKind.ForwardedAck then
            31
        else
            19

    interface ICodec<CompactIdentity> with
        member _.GetHeaderSize(header) = sizeOf header.Kind
        member _.GetMemberSize(record) = if isNull record.Accuser then 11 else 19

        member _.EncodeHeader(header, destination) =
            destination[0] <- byte header.Kind ||| (header.Health <<< 5)
            writeIdentity header.Source (destination.Slice 1)
            BinaryPrimitives.WriteUInt16BigEndian(destination.Slice 9, header.SourceIncarnation)
            writeIdentity header.Destination (destination.Slice 11)

            if header.HasProbeNumber then
                BinaryPrimitives.WriteUInt32BigEndian(destination.Slice 19, header.ProbeNumber)

            if header.NamesMember then
                writeIdentity header.Named (destination.Slice 23)

        member _.TryDecodeHeader(source, header, bytesRead) =
            let kind =
                if source.IsEmpty then
                    LanguagePrimitives.EnumOfValue 255uy
                else
                    LanguagePrimitives.EnumOfValue(source[0] &&& 31uy)

            bytesRead <- if kind > MessageKind.Nack then Int32.MaxValue else sizeOf kind

            if bytesRead > source.Length then
                false
            else
                let named = bytesRead = 31

                header <-
                    {
                        Source = readIdentity (source.Slice 1)
                        SourceIncarnation = BinaryPrimitives.ReadUInt16BigEndian(source.Slice 9)
                        Destination = readIdentity (source.Slice 11)
                        Kind = kind
                        Named = (if named then readIdentity (source.Slice 23) else Unchecked.defaultof<_>)
                        ProbeNumber =
                            (if bytesRead >= 23 then
                                 BinaryPrimitives.ReadUInt32BigEndian(source.Slice 19)
                             else
                                 0u)
                        Health = source[0] >>> 5
                    }

                isIdentity header.Source
                && isIdentity header.Destination
                && (not named || isIdentity header.Named)
                && (header.Health = 0uy || header.HasHealth)

        member _.EncodeMember(record, destination) =
            writeIdentity record.Identity destination
            BinaryPrimitives.WriteUInt16BigEndian(destination.Slice 8, record.Incarnation)

            // A Suspect record that is followed by its accuser has a status of its own.
            if isNull record.Accuser then
                destination[10] <- byte record.Status
            else
                destination[10] <- 3uy
                writeIdentity record.Accuser.Identity (destination.Slice 11)

        member _.TryDecodeMember(source, record, bytesRead) =
            let isAccused = source.Length >= 11 && source[10] = 3uy
            bytesRead <- if isAccused then 19 else 11

            if source.Length < bytesRead || source[10] > 3uy then
                false
            else
                record <-
                    {
                        Identity = readIdentity source
                        Incarnation = BinaryPrimitives.ReadUInt16BigEndian(source.Slice 8)
                        Status =
                            (if isAccused then
                                 MemberStatus.Suspect
                             else
                                 LanguagePrimitives.EnumOfValue source[10])
                        Accuser = (if isAccused then Accuser(readIdentity (source.Slice 11)) else null)
                    }

                isIdentity record.Identity && (not isAccused || isIdentity record.Accuser.Identity)
