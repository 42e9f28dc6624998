using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim;

/// <summary>
/// Reads what <see cref="CheckpointWriter{TIdentity}"/> wrote. Whether there is a state that looks like that is
/// found when it is made again.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="codec">How identities look.</param>
internal sealed class CheckpointReader<TIdentity>(ICodec<TIdentity> codec)
{
    // Arguments are evaluated from left to right, in the order in which they were written.
    public StateImage<TIdentity> Read(ref ByteReader reader) =>
        new(
            reader.ReadIdentity(codec),
            reader.UInt16(),
            ReadConnection(ref reader),
            reader.Flag(),
            reader.Flag(),
            reader.Flag(),
            reader.Varint(),
            reader.UInt64(),
            reader.ReadRecords(codec).ToArray(),
            reader.Int32(),
            ReadTombstones(ref reader, out var next),
            next,
            new BacklogImage<Swim.Core.Member<TIdentity>>(
                reader.ReadRecords(codec).ToArray(),
                ReadPiles(ref reader)
            ),
            new BacklogImage<BroadcastItem>(ReadPayloads(ref reader), ReadPiles(ref reader)),
            ReadProbe(ref reader),
            ReadReply(ref reader)
        );

    private static Connection ReadConnection(ref ByteReader reader)
    {
        var connection = (Connection)reader.Byte();

        if (connection > Connection.Defunct)
        {
            reader.Fail();
        }

        return connection;
    }

    // No list is made longer than what can be read, whatever its count claims.
    private Tombstone<TIdentity>[] ReadTombstones(ref ByteReader reader, out ulong next)
    {
        next = reader.Varint();
        var count = reader.Int32();
        var stones = new List<Tombstone<TIdentity>>();

        while (stones.Count < count && !reader.Failed)
        {
            var sequence = reader.Varint();
            stones.Add(new Tombstone<TIdentity>(reader.ReadIdentity(codec), sequence, standing: true));
        }

        return [.. stones];
    }

    private static BroadcastItem[] ReadPayloads(ref ByteReader reader)
    {
        var count = reader.Int32();
        var items = new List<BroadcastItem>();

        while (items.Count < count && !reader.Failed)
        {
            var payload = reader.Bytes(reader.Int32()).ToArray();
            items.Add(new BroadcastItem(new RecordedKey(PackedBits.Empty), payload));
        }

        return [.. items];
    }

    private static PileImage[] ReadPiles(ref ByteReader reader)
    {
        var count = reader.Int32();
        var piles = new List<PileImage>();

        while (piles.Count < count && !reader.Failed)
        {
            piles.Add(new PileImage(reader.Int32(), reader.UInt16(), ReadSlots(ref reader)));
        }

        return [.. piles];
    }

    private static int[] ReadSlots(ref ByteReader reader)
    {
        var count = reader.Int32();
        var slots = new List<int>();

        while (slots.Count < count && !reader.Failed)
        {
            slots.Add(reader.Int32() - 1);
        }

        return [.. slots];
    }

    private Probe<TIdentity> ReadProbe(ref ByteReader reader) =>
        new(
            reader.Number(),
            reader.Flag()
                ? FSharpValueOption<Swim.Core.Member<TIdentity>>.Some(reader.ReadRecord(codec))
                : FSharpValueOption<Swim.Core.Member<TIdentity>>.None,
            reader.Flag(),
            reader.Flag(),
            ReadHelpers(ref reader)
        );

    private FSharpList<TIdentity> ReadHelpers(ref ByteReader reader)
    {
        var count = reader.Int32();
        var helpers = new List<TIdentity>();

        while (helpers.Count < count && !reader.Failed)
        {
            helpers.Add(reader.ReadIdentity(codec));
        }

        return ListModule.OfSeq(helpers);
    }

    private FSharpOption<Header<TIdentity>>? ReadReply(ref ByteReader reader)
    {
        if (!reader.Flag())
        {
            return null;
        }

        if (!reader.Failed && codec.TryDecodeHeader(reader.Rest, out var header, out var size) && size > 0)
        {
            reader.Bytes(size);
            return FSharpOption<Header<TIdentity>>.Some(CoreConversion.ToCore(header));
        }

        reader.Fail();
        return null;
    }
}
