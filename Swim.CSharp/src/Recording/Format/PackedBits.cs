using System.Collections;

namespace Swim.Recording.Format;

/// <summary>Answers as a recording holds them: eight to a byte, the first in the lowest bit.</summary>
internal sealed class PackedBits(byte[] packed, int count) : IReadOnlyList<bool>
{
    public static PackedBits Empty { get; } = new([], 0);

    public int Count => count;

    public bool this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return ((packed[index / 8] >> (index % 8)) & 1) != 0;
        }
    }

    public IEnumerator<bool> GetEnumerator()
    {
        for (var index = 0; index < count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
