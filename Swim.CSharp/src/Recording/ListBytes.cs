namespace Swim;

/// <summary>Reads one item.</summary>
internal delegate T ItemReader<out T>(ref ByteReader reader);

/// <summary>Lists in recordings: their count, and then their items.</summary>
internal static class ListBytes
{
    /// <summary>Reads a list, up to where the reader fails.</summary>
    public static List<T> ReadList<T>(this ref ByteReader reader, ItemReader<T> read)
    {
        var count = reader.Int32();
        var items = new List<T>();

        // Grows by what can be read, never by what the count claims.
        while (items.Count < count && !reader.Failed)
        {
            items.Add(read(ref reader));
        }

        return items;
    }
}
