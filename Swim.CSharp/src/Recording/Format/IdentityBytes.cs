using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// Identities and member records in a recording, as the codec of packets writes them. A codec cannot write an
/// identity alone, so an identity is written as the record that it is Alive with incarnation 0.
/// </summary>
internal static class IdentityBytes
{
    public static void WriteIdentity<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        TIdentity identity
    ) => writer.Write(codec, new MemberRecord<TIdentity>(identity, 0, MemberStatus.Alive, null));

    public static void WriteRecord<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        MemberRecord<TIdentity> record
    ) => writer.Write(codec, record);

    public static void WriteRecords<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        ArraySegment<MemberRecord<TIdentity>> records
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

    public static ArraySegment<MemberRecord<TIdentity>> ReadRecords<TIdentity>(
        this ref ByteReader reader,
        ICodec<TIdentity> codec
    ) => reader.ReadList((ref ByteReader at) => at.ReadRecord(codec)).ToArray();

    public static MemberRecord<TIdentity> ReadRecord<TIdentity>(
        this ref ByteReader reader,
        ICodec<TIdentity> codec
    ) => reader.Read(codec);

    private static void Write<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        in MemberRecord<TIdentity> member
    ) => codec.EncodeMember(member, writer.Take(codec.GetMemberSize(member)));

    private static MemberRecord<TIdentity> Read<TIdentity>(
        this ref ByteReader reader,
        ICodec<TIdentity> codec
    )
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
