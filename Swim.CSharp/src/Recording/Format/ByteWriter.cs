using System.Buffers.Binary;
using System.Text;

namespace Swim.Recording.Format;

/// <summary>A buffer that grows as it is written to, and is reused. Numbers are big-endian.</summary>
internal sealed class ByteWriter(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>The number of bytes that were written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that were written.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The free part of the buffer at its current size.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>Empties the buffer.</summary>
    public void Clear() => Length = 0;

    /// <summary>Takes the next bytes, to be written by the caller.</summary>
    /// <exception cref="RecordingException">The buffer would be larger than an entry may be.</exception>
    public Span<byte> Take(int size)
    {
        while (Free.Length < size)
        {
            Grow();
        }

        var taken = _bytes.AsSpan(Length, size);
        Length += size;
        return taken;
    }

    /// <summary>Makes the buffer larger.</summary>
    /// <exception cref="RecordingException">The buffer is as large as an entry may be.</exception>
    public void Grow()
    {
        // A little more than a payload, for its length and checksum.
        const int Limit = RecordingFormat.MaxPayloadSize + 64;

        if (_bytes.Length == Limit)
        {
            throw new RecordingException(
                $"An entry of a recording can have at most {RecordingFormat.MaxPayloadSize} bytes."
            );
        }

        Array.Resize(ref _bytes, Math.Min(Limit, _bytes.Length * 2));
    }

    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>0 or 1.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(sizeof(ulong)), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Seven bits to a byte, the lowest first; all bytes but the last have the high bit.</summary>
    public void Varint(ulong value)
    {
        while (value > 0x7F)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    /// <summary>The length of the text in UTF-8, and the text.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>The number of values, then eight values to a byte, the first in the lowest bit.</summary>
    public void Bits(IReadOnlyList<bool> values)
    {
        Varint((ulong)values.Count);
        var packed = Take((values.Count + 7) / 8);
        packed.Clear();

        for (var index = 0; index < values.Count; index++)
        {
            if (values[index])
            {
                packed[index / 8] |= (byte)(1 << (index % 8));
            }
        }
    }
}
