using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Support;

/// <summary>Recordings in memory.</summary>
internal static class Tape
{
    /// <summary>What is written to a recording.</summary>
    public static byte[] Write(
        Action<RecordingWriter<NodeIdentity>> write,
        RecordingOptions? options = null
    ) => Write(NodeIdentityCodec.Instance, write, options);

    public static byte[] Write<TIdentity>(
        ICodec<TIdentity> codec,
        Action<RecordingWriter<TIdentity>> write,
        RecordingOptions? options = null
    )
    {
        var sink = new MemoryStream();

        using (var writer = new RecordingWriter<TIdentity>(sink, codec, options ?? new RecordingOptions()))
        {
            write(writer);
        }

        return sink.ToArray();
    }

    /// <summary>All entries of a recording called "tape", up to its end or its damage.</summary>
    public static (List<RecordingEntry<NodeIdentity>> Entries, RecordingDamage? Damage) Read(byte[] bytes) =>
        Read(NodeIdentityCodec.Instance, bytes);

    public static (List<RecordingEntry<TIdentity>> Entries, RecordingDamage? Damage) Read<TIdentity>(
        ICodec<TIdentity> codec,
        byte[] bytes
    )
    {
        using var reader = new RecordingReader<TIdentity>(new MemoryStream(bytes), codec, "tape");
        var entries = reader.ReadAll().ToList();
        Assert.Equal(entries.Count, reader.GoodEntries);
        return (entries, reader.Damage);
    }

    /// <summary>All entries of a recording that is whole.</summary>
    public static List<RecordingEntry<NodeIdentity>> ReadWhole(byte[] bytes)
    {
        var (entries, damage) = Read(bytes);
        Assert.Null(damage);
        return entries;
    }

    /// <summary>Where each entry of a whole recording begins, the header being the first; and where the last ends.</summary>
    public static List<int> Boundaries(byte[] bytes)
    {
        using var entries = new EntryStream(new MemoryStream(bytes), "tape");
        Assert.Null(entries.ReadPrelude());
        var boundaries = new List<int>();

        while (entries.TryNext(out _, out var fault))
        {
            Assert.Null(fault);
            boundaries.Add((int)entries.Offset);
        }

        return [.. boundaries, (int)entries.Offset];
    }
}
