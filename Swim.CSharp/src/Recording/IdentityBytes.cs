using Swim.Core;

namespace Swim;

/// <summary>
/// Identities and member records in a recording, as the codec of packets writes them. A codec knows no identity by
/// itself, so one is written as the record that it is Alive with incarnation 0.
/// </summary>
internal static class IdentityBytes
{
    public static void WriteIdentity<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        TIdentity identity
    ) => writer.Write(codec, new Member<TIdentity>(identity, 0, MemberStatus.Alive));

    public static void WriteRecord<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        Swim.Core.Member<TIdentity> record
    )
    {
        // R12.8: such a record has no encoding, though a value of it can be made.
        if (record.Status == Status.Down && record.Incarnation != 0)
        {
            throw new RecordingException(
                $"a Down record has incarnation 0, but that of {record.Identity} has {record.Incarnation}"
            );
        }

        writer.Write(codec, CoreConversion.FromCore(record));
    }

    public static void WriteRecords<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        ArraySegment<Swim.Core.Member<TIdentity>> records
    )
    {
        writer.Varint((ulong)records.Count);

        foreach (var record in records.AsSpan())
        {
            writer.WriteRecord(codec, record);
        }
    }

    public static TIdentity ReadIdentity<TIdentity>(this ref ByteReader reader, ICodec<TIdentity> codec)
    {
        var member = reader.Read(codec);

        if (member.Incarnation != 0 || member.Status != MemberStatus.Alive)
        {
            reader.Fail();
        }

        return member.Identity;
    }

    public static ArraySegment<Swim.Core.Member<TIdentity>> ReadRecords<TIdentity>(
        this ref ByteReader reader,
        ICodec<TIdentity> codec
    ) => reader.ReadList((ref ByteReader at) => at.ReadRecord(codec)).ToArray();

    public static Swim.Core.Member<TIdentity> ReadRecord<TIdentity>(
        this ref ByteReader reader,
        ICodec<TIdentity> codec
    ) => CoreConversion.ToCore(reader.Read(codec));

    private static void Write<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        in Member<TIdentity> member
    ) => codec.EncodeMember(member, writer.Take(codec.GetMemberSize(member)));

    private static Member<TIdentity> Read<TIdentity>(this ref ByteReader reader, ICodec<TIdentity> codec)
    {
        if (
            !reader.Failed
            && codec.TryDecodeMember(reader.Rest, out var member, out var size)
            && size > 0
            && member.Identity is not null
            && member.Status is >= MemberStatus.Alive and <= MemberStatus.Down
        )
        {
            reader.Bytes(size);
            return member;
        }

        reader.Fail();
        return default;
    }
}
