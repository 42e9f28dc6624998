using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// Reads what <see cref="CheckpointWriter{TIdentity}"/> wrote. Whether a state can have these contents is checked
/// when it is restored.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="codec">The codec of identities.</param>
internal sealed class CheckpointReader<TIdentity>(ICodec<TIdentity> codec)
{
    // Arguments are evaluated from left to right, in the order in which they were written.
    public Checkpoint<TIdentity> Read(ref ByteReader reader) =>
        new(
            reader.ReadIdentity(codec),
            reader.UInt16(),
            ReadConnection(ref reader),
            reader.Flag(),
            reader.Flag(),
            reader.Flag(),
            reader.Varint(),
            reader.UInt64(),
            reader.ReadList(ReadMember).ToArray(),
            reader.Int32(),
            ReadTombstones(ref reader, out var next),
            next,
            new BacklogCheckpoint<MemberRecord<TIdentity>>(
                reader.ReadRecords(codec).ToArray(),
                ReadPiles(ref reader)
            ),
            new BacklogCheckpoint<BroadcastItem>(ReadPayloads(ref reader), ReadPiles(ref reader)),
            ReadProbe(ref reader),
            ReadReply(ref reader),
            ReadClaims(ref reader),
            ReadHealth(ref reader),
            new DownQuestions(reader.Varint(), reader.Flag(), TimeSpan.FromTicks(reader.Int64()))
        );

    private Row<TIdentity> ReadMember(ref ByteReader reader)
    {
        var record = reader.ReadRecord(codec);
        var health = reader.Byte();
        var linkFaults = reader.Byte();
        var suspicion = reader.Flag() ? ReadSuspicion(ref reader, record.Accuser) : null;

        return new Row<TIdentity>(
            record.Identity,
            -1,
            record.Incarnation,
            record.Status,
            health,
            linkFaults,
            suspicion
        );
    }

    private Suspicion<TIdentity> ReadSuspicion(ref ByteReader reader, Accuser<TIdentity>? first)
    {
        var wanted = reader.Int32();
        var pending = reader.Int32();
        var shortest = TimeSpan.FromTicks(reader.Int64());
        var longest = TimeSpan.FromTicks(reader.Int64());
        var accusers = ReadIdentities(ref reader);
        return new Suspicion<TIdentity>(first, accusers, wanted, pending, shortest, longest);
    }

    private LocalHealth<TIdentity> ReadHealth(ref ByteReader reader) =>
        new(
            reader.Int32(),
            reader.Flag(),
            ListModule.OfSeq(
                reader.ReadList(
                    (ref ByteReader at) =>
                        new HelpedProbe<TIdentity>(
                            at.ReadIdentity(codec),
                            at.ReadIdentity(codec),
                            at.Number()
                        )
                )
            )
        );

    private FSharpList<TIdentity> ReadIdentities(ref ByteReader reader) =>
        ListModule.OfSeq(reader.ReadList((ref ByteReader at) => at.ReadIdentity(codec)));

    private static ConnectionState ReadConnection(ref ByteReader reader)
    {
        var connection = (ConnectionState)reader.Byte();

        if (connection > ConnectionState.Defunct)
        {
            reader.Fail();
        }

        return connection;
    }

    private Tombstone<TIdentity>[] ReadTombstones(ref ByteReader reader, out ulong next)
    {
        next = reader.Varint();
        return reader.ReadList(ReadTombstone).ToArray();
    }

    private Tombstone<TIdentity> ReadTombstone(ref ByteReader reader)
    {
        var sequence = reader.Varint();
        return new Tombstone<TIdentity>(
            reader.ReadIdentity(codec),
            reader.UInt16(),
            sequence,
            standing: true
        );
    }

    private static BroadcastItem[] ReadPayloads(ref ByteReader reader) =>
        reader
            .ReadList(
                static (ref ByteReader at) =>
                    new BroadcastItem(new RecordedKey(PackedBits.Empty), at.Bytes(at.Int32()).ToArray())
            )
            .ToArray();

    private static PileCheckpoint[] ReadPiles(ref ByteReader reader) =>
        reader
            .ReadList(
                static (ref ByteReader at) => new PileCheckpoint(at.Int32(), at.UInt16(), ReadSlots(ref at))
            )
            .ToArray();

    private static int[] ReadSlots(ref ByteReader reader) =>
        reader.ReadList(static (ref ByteReader at) => at.Int32() - 1).ToArray();

    private static ProbeAnswer ReadAnswer(ref ByteReader reader)
    {
        var answer = (ProbeAnswer)reader.Byte();

        if (answer > ProbeAnswer.Indirect)
        {
            reader.Fail();
        }

        return answer;
    }

    private Probe<TIdentity> ReadProbe(ref ByteReader reader) =>
        new(
            reader.Number(),
            reader.Flag()
                ? FSharpValueOption<MemberRecord<TIdentity>>.Some(reader.ReadRecord(codec))
                : FSharpValueOption<MemberRecord<TIdentity>>.None,
            ReadAnswer(ref reader),
            reader.Flag(),
            ReadIdentities(ref reader),
            ReadIdentities(ref reader)
        );

    private AddressClaims<TIdentity> ReadClaims(ref ByteReader reader) =>
        new(reader.Int32(), reader.Flag(), ReadIdentities(ref reader));

    private FSharpValueOption<PacketHeader<TIdentity>> ReadReply(ref ByteReader reader)
    {
        if (!reader.Flag())
        {
            return FSharpValueOption<PacketHeader<TIdentity>>.None;
        }

        if (
            !reader.Failed
            && codec.TryDecodeHeader(reader.Rest, out var header, out var size)
            && size > 0
            && header.Kind <= MessageKind.Nack
        )
        {
            reader.Bytes(size);
            return FSharpValueOption<PacketHeader<TIdentity>>.Some(header);
        }

        reader.Fail();
        return FSharpValueOption<PacketHeader<TIdentity>>.None;
    }
}
