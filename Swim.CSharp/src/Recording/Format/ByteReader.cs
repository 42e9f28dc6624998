using System.Buffers.Binary;
using System.Text;

namespace Swim.Recording.Format;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. No bytes cause an exception: once a value cannot be read,
/// <see cref="Failed"/> stays true and all later values are zero or empty. Every value has one encoding only.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether a value could not be read.</summary>
    public bool Failed { get; private set; }

    /// <summary>The bytes that were not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether every value could be read and no bytes are left.</summary>
    public readonly bool IsComplete => !Failed && _rest.IsEmpty;

    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    public ReadOnlySpan<byte> Bytes(int size)
    {
        if (size < 0 || size > _rest.Length)
        {
            Fail();
            return default;
        }

        var taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }

    /// <summary>All bytes that are left.</summary>
    public ReadOnlySpan<byte> Remainder() => Bytes(_rest.Length);

    public byte Byte()
    {
        var taken = Bytes(1);
        return taken.IsEmpty ? (byte)0 : taken[0];
    }

    /// <summary>0 or 1.</summary>
    public bool Flag()
    {
        var value = Byte();

        if (value > 1)
        {
            Fail();
        }

        return value == 1;
    }

    public uint UInt32()
    {
        var taken = Bytes(sizeof(uint));
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(taken);
    }

    public ulong UInt64()
    {
        var taken = Bytes(sizeof(ulong));
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(taken);
    }

    public ulong Varint()
    {
        ulong value = 0;

        for (var shift = 0; shift < 64; shift += 7)
        {
            var octet = Byte();

            // The tenth byte has room for one bit; a last byte of zero would be a second form of the number.
            if (Failed || (shift == 63 && octet > 1) || (shift > 0 && octet == 0))
            {
                break;
            }

            value |= (ulong)(octet & 0x7F) << shift;

            if (octet < 0x80)
            {
                return value;
            }
        }

        Fail();
        return 0;
    }

    /// <summary>A varint from 0 to 2^31 - 1.</summary>
    public int Int32() => (int)UpTo(int.MaxValue);

    /// <summary>A varint from 0 to 2^63 - 1.</summary>
    public long Int64() => (long)UpTo(long.MaxValue);

    /// <summary>A varint from 0 to 2^32 - 1.</summary>
    public uint Number() => (uint)UpTo(uint.MaxValue);

    /// <summary>A varint from 0 to 65,535.</summary>
    public ushort UInt16() => (ushort)UpTo(ushort.MaxValue);

    /// <summary>The length of some UTF-8 as a varint, and that many bytes.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes(Int32()));

    /// <summary>What <see cref="ByteWriter.Bits"/> wrote.</summary>
    public PackedBits Bits()
    {
        var count = Int32();
        var packed = Bytes((int)(((uint)count + 7) / 8));

        // Bits beyond the last would be a second form of the same answers.
        if (Failed || (count % 8 != 0 && packed[^1] >> (count % 8) != 0))
        {
            Fail();
            return PackedBits.Empty;
        }

        return count == 0 ? PackedBits.Empty : new PackedBits(packed.ToArray(), count);
    }

    private ulong UpTo(ulong highest)
    {
        var value = Varint();

        if (value <= highest)
        {
            return value;
        }

        Fail();
        return 0;
    }
}
