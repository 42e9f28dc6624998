namespace Swim.Recording.Format;

/// <summary>Reads one item.</summary>
internal delegate T ItemReader<out T>(ref ByteReader reader);

/// <summary>Lists in recordings: the count, then the items.</summary>
internal static class ListBytes
{
    /// <summary>Reads a list, up to the item at which the reader fails.</summary>
    public static List<T> ReadList<T>(this ref ByteReader reader, ItemReader<T> read)
    {
        var count = reader.Int32();
        var items = new List<T>();

        // The list grows by what can be read, not by what the count claims.
        while (items.Count < count && !reader.Failed)
        {
            items.Add(read(ref reader));
        }

        return items;
    }
}
