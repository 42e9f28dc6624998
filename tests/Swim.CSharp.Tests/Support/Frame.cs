using System.Buffers.Binary;

namespace Swim.CSharp.Tests.Support;

/// <summary>
/// The frame of a packet, made anew from the prose of the wire format rather than by the library, so that
/// tests can put anything into it.
/// </summary>
internal static class Frame
{
    public const int Size = 7;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Any body, in a frame with the right checksum.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> body)
    {
        var packet = new byte[Size + body.Length];
        "SW\u0002"u8.CopyTo(packet);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(3), Checksum(body));
        body.CopyTo(packet.AsSpan(Size));
        return packet;
    }

    /// <summary>CRC-32C, one byte at a time.</summary>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;

        foreach (var octet in data)
        {
            checksum = (checksum >> 8) ^ Table[(byte)checksum ^ octet];
        }

        return ~checksum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];

        for (uint entry = 0; entry < table.Length; entry++)
        {
            table[entry] = entry;

            for (var bit = 0; bit < 8; bit++)
            {
                table[entry] = (table[entry] >> 1) ^ ((table[entry] & 1) * 0x82F63B78u);
            }
        }

        return table;
    }
}
