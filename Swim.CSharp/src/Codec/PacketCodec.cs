using System.Buffers.Binary;
using Swim.Core;

namespace Swim;

/// <summary>
/// Encodes and decodes packets: the frame around what an <see cref="ICodec{TIdentity}"/> writes.
/// <c>spec/wire-format.md</c> describes it byte by byte.
/// </summary>
internal sealed class PacketCodec<TIdentity>(ICodec<TIdentity> codec) : ISizes<TIdentity>
{
    private const ushort Magic = 0x5357; // "SW"
    private const byte Version = 2;

    // Magic, version, checksum.
    internal const int FrameSize = 2 + 1 + 4;
    private const int ChecksumOffset = 3;

    private MemberRecord<TIdentity>[] _updates = new MemberRecord<TIdentity>[64];

    public int HeaderSize(in PacketHeader<TIdentity> header) => FrameSize + codec.GetHeaderSize(header);

    public int MemberSize(in MemberRecord<TIdentity> record) => codec.GetMemberSize(record);

    /// <summary>Writes a packet; false if the codec did not keep to its sizes.</summary>
    public bool TryEncode(in Packet<TIdentity> packet, Span<byte> destination, out int length)
    {
        length = 0;
        var header = packet.Header;
        var headerSize = codec.GetHeaderSize(header);

        if (FrameSize + headerSize > destination.Length)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, Magic);
        destination[2] = Version;
        codec.EncodeHeader(header, destination.Slice(FrameSize, headerSize));
        var at = FrameSize + headerSize;

        if (packet.Updates.Count + packet.Broadcasts.Count > 0 && header.Kind != MessageKind.Broadcast)
        {
            if (destination.Length - at < Rules.UpdatesOverhead)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)packet.Updates.Count);
            at += Rules.UpdatesOverhead;
        }

        foreach (ref readonly var record in packet.Updates.AsSpan())
        {
            var size = codec.GetMemberSize(record);

            if (size > destination.Length - at)
            {
                return false;
            }

            codec.EncodeMember(record, destination.Slice(at, size));
            at += size;
        }

        foreach (var payload in packet.Broadcasts.AsSpan())
        {
            if (Rules.BroadcastOverhead + payload.Length > destination.Length - at)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)payload.Length);
            payload.Span.CopyTo(destination[(at + Rules.BroadcastOverhead)..]);
            at += Rules.BroadcastOverhead + payload.Length;
        }

        BinaryPrimitives.WriteUInt32BigEndian(
            destination[ChecksumOffset..],
            Crc32C.Of(destination[FrameSize..at])
        );
        length = at;
        return true;
    }

    /// <summary>
    /// Reads a packet (R9.1). Its lists are valid until the next call. If the user's codec throws, the packet cannot
    /// be decoded.
    /// </summary>
    public SwimError Decode(ReadOnlySpan<byte> source, out Packet<TIdentity> packet)
    {
        packet = default;

        if (
            source.Length <= FrameSize
            || BinaryPrimitives.ReadUInt16BigEndian(source) != Magic
            || source[2] != Version
            || BinaryPrimitives.ReadUInt32BigEndian(source[ChecksumOffset..])
                != Crc32C.Of(source[FrameSize..])
        )
        {
            return SwimError.Decode;
        }

        try
        {
            return DecodeBody(source[FrameSize..], out packet);
        }
#pragma warning disable CA1031 // An exception of the codec at data from the network is the data's fault.
        catch (Exception)
#pragma warning restore CA1031
        {
            return SwimError.Decode;
        }
    }

    private SwimError DecodeBody(ReadOnlySpan<byte> body, out Packet<TIdentity> packet)
    {
        packet = default;

        if (
            !codec.TryDecodeHeader(body, out var header, out var headerSize)
            || !IsWithin(headerSize, body.Length)
            || header.Kind > MessageKind.Nack
            || header.Health > LocalHealth.Worst
            || (header.Health > 0 && !header.HasHealth)
            || IsMissing(header.Source)
            || IsMissing(header.Destination)
            || (header.NamesMember && IsMissing(header.Named))
        )
        {
            return SwimError.Decode;
        }

        var rest = body[headerSize..];
        var updateCount = 0;

        if (!rest.IsEmpty)
        {
            if (header.Kind == MessageKind.Announce || rest.Length == 1)
            {
                return SwimError.MalformedPacket;
            }

            if (header.Kind != MessageKind.Broadcast)
            {
                var error = DecodeUpdates(ref rest, out updateCount);

                if (error != SwimError.None)
                {
                    return error;
                }

                // A packet without updates and broadcasts has no count. A TurnUndead has at most its reason.
                if (
                    (updateCount == 0 && rest.IsEmpty)
                    || (header.Kind == MessageKind.TurnUndead && (updateCount != 1 || !rest.IsEmpty))
                )
                {
                    return SwimError.MalformedPacket;
                }
            }
        }

        if (!TryDecodeBroadcasts(rest, out var broadcasts))
        {
            return SwimError.MalformedPacket;
        }

        packet = new Packet<TIdentity>(
            header,
            new ArraySegment<MemberRecord<TIdentity>>(_updates, 0, updateCount),
            broadcasts
        );

        return SwimError.None;
    }

    private SwimError DecodeUpdates(ref ReadOnlySpan<byte> rest, out int decoded)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[Rules.UpdatesOverhead..];

        for (decoded = 0; decoded < count; decoded++)
        {
            // Grows by what was decoded, never by what the count claims.
            if (decoded == _updates.Length)
            {
                Array.Resize(ref _updates, decoded * 2);
            }

            // By reference: a copy right after the fields were written waits for them.
            ref var record = ref _updates[decoded];

            if (
                !codec.TryDecodeMember(rest, out record, out var size)
                || !IsWithin(size, rest.Length)
                || IsMissing(record.Identity)
                || record.Status > MemberStatus.Down
                || IsWrong(record.Accuser, record.Status)
            )
            {
                return SwimError.Decode;
            }

            rest = rest[size..];
        }

        return SwimError.None;
    }

    private static bool TryDecodeBroadcasts(
        ReadOnlySpan<byte> rest,
        out ArraySegment<ReadOnlyMemory<byte>> broadcasts
    )
    {
        broadcasts = ArraySegment<ReadOnlyMemory<byte>>.Empty;

        if (rest.IsEmpty)
        {
            return true;
        }

        // The tail outlives the receive buffer: the handler may keep its items.
        ReadOnlyMemory<byte> tail = rest.ToArray();
        var items = new List<ReadOnlyMemory<byte>>();

        while (!tail.IsEmpty)
        {
            if (tail.Length <= Rules.BroadcastOverhead)
            {
                return false;
            }

            var size = BinaryPrimitives.ReadUInt16BigEndian(tail.Span);
            tail = tail[Rules.BroadcastOverhead..];

            if (size == 0 || size > tail.Length)
            {
                return false;
            }

            items.Add(tail[..size]);
            tail = tail[size..];
        }

        broadcasts = items.ToArray();
        return true;
    }

    // Only a Suspect record has an accuser (R14.2).
    private static bool IsWrong(Accuser<TIdentity>? accuser, MemberStatus status) =>
        accuser is not null && (status != MemberStatus.Suspect || IsMissing(accuser.Identity));

    // To compare a struct with null would box it.
    private static bool IsMissing(TIdentity? identity) => default(TIdentity) is null && identity is null;

    private static bool IsWithin(int size, int length) => size > 0 && size <= length;
}
