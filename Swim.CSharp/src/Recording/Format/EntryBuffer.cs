using System.Buffers.Binary;

namespace Swim.Recording.Format;

/// <summary>Assembles an entry: first its payload, then its length and its checksum in front of that.</summary>
internal sealed class EntryBuffer
{
    // The longest varint of a length, and the checksum.
    private const int MaxPrefixSize = 5 + RecordingFormat.ChecksumSize;

    /// <summary>The buffer that the payload is written to.</summary>
    public ByteWriter Payload { get; } = new(4096);

    /// <summary>Begins an entry of that kind.</summary>
    public void Begin(EntryKind kind)
    {
        Payload.Clear();
        Payload.Take(MaxPrefixSize);
        Payload.Byte((byte)kind);
    }

    /// <summary>Begins an entry about a member.</summary>
    /// <param name="kind">The kind of the entry.</param>
    /// <param name="member">The number of the member.</param>
    /// <param name="microseconds">The time of the entry, as it is written.</param>
    public void Begin(EntryKind kind, int member, long microseconds)
    {
        Begin(kind);
        Payload.Varint((ulong)member);
        Payload.Varint((ulong)microseconds);
    }

    /// <summary>The whole entry, valid until the next one begins.</summary>
    /// <exception cref="RecordingException">The payload is too long.</exception>
    public ReadOnlySpan<byte> Seal()
    {
        var entry = Payload.Written;
        var payload = entry[MaxPrefixSize..];

        if (payload.Length > RecordingFormat.MaxPayloadSize)
        {
            throw new RecordingException(
                $"An entry of a recording can have at most {RecordingFormat.MaxPayloadSize} bytes, but this one has {payload.Length}."
            );
        }

        var start = MaxPrefixSize - RecordingFormat.ChecksumSize - VarintSize(payload.Length);
        var length = (uint)payload.Length;

        for (var at = start; ; at++)
        {
            entry[at] = (byte)(length > 0x7F ? length | 0x80 : length);
            length >>= 7;

            if (length == 0)
            {
                break;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(
            entry[(MaxPrefixSize - RecordingFormat.ChecksumSize)..],
            Crc32C.Of(payload)
        );

        return entry[start..];
    }

    private static int VarintSize(int value)
    {
        var size = 1;

        for (; value > 0x7F; value >>= 7)
        {
            size++;
        }

        return size;
    }
}
