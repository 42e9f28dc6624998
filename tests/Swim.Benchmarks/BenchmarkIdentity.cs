using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Swim.Benchmarks;

/// <summary>An identity of ten bytes on the wire, as the reference figures were taken with.</summary>
internal readonly record struct BenchmarkIdentity(uint Address, ushort Port, uint Generation)
    : IIdentity<BenchmarkIdentity>
{
    public const int Size = 10;

    public bool HasSameAddress(BenchmarkIdentity other) => Address == other.Address && Port == other.Port;

    public int GetAddressHashCode() => (int)(Address * 31 + Port);

    public bool WinsAddressConflict(BenchmarkIdentity other) => Generation > other.Generation;

    public bool TryRenew([MaybeNullWhen(false)] out BenchmarkIdentity renewed)
    {
        renewed = this with { Generation = Generation + 1 };
        return true;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Port);
        BinaryPrimitives.WriteUInt32BigEndian(destination[6..], Generation);
    }

    public static BenchmarkIdentity Read(ReadOnlySpan<byte> source) =>
        new(
            BinaryPrimitives.ReadUInt32BigEndian(source),
            BinaryPrimitives.ReadUInt16BigEndian(source[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[6..])
        );
}
