using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Swim;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of packets and of recordings: reflected polynomial <c>82F63B78</c>,
/// initial value and final XOR <c>FFFFFFFF</c>.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes; 0 if there are none.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;

        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            // CRC-32C takes the lowest byte first, which is the order in memory on little-endian machines.
            checksum = BitOperations.Crc32C(
                checksum,
                BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)
            );
        }

        foreach (var octet in data[(data.Length & ~7)..])
        {
            checksum = BitOperations.Crc32C(checksum, octet);
        }

        return ~checksum;
    }
}
