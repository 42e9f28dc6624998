using System.Buffers.Binary;

namespace Swim.Benchmarks;

/// <summary>Headers of 23 bytes without a probe, records of 13.</summary>
internal sealed class BenchmarkCodec : ICodec<BenchmarkIdentity>
{
    private const int MemberSize = BenchmarkIdentity.Size + 3;

    // Source, incarnation, destination, kind; then a probe number and a named member for those with them.
    private const int Plain = BenchmarkIdentity.Size + 2 + BenchmarkIdentity.Size + 1;

    private static int SizeOf(MessageKind kind) =>
        kind switch
        {
            MessageKind.Ping or MessageKind.Ack => Plain + 4,
            <= MessageKind.ForwardedAck => Plain + 4 + BenchmarkIdentity.Size,
            _ => Plain,
        };

    public int GetHeaderSize(in PacketHeader<BenchmarkIdentity> header) => SizeOf(header.Kind);

    public void EncodeHeader(in PacketHeader<BenchmarkIdentity> header, Span<byte> destination)
    {
        header.Source.Write(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], header.SourceIncarnation);
        header.Destination.Write(destination[12..]);
        destination[22] = (byte)header.Kind;

        if (header.HasProbeNumber)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[Plain..], header.ProbeNumber);
        }

        if (header.NamesMember)
        {
            header.Named.Write(destination[(Plain + 4)..]);
        }
    }

    public bool TryDecodeHeader(
        ReadOnlySpan<byte> source,
        out PacketHeader<BenchmarkIdentity> header,
        out int bytesRead
    )
    {
        header = default;
        bytesRead = Plain;

        if (source.Length < Plain || source[22] > (byte)MessageKind.TurnUndead)
        {
            return false;
        }

        var kind = (MessageKind)source[22];
        bytesRead = SizeOf(kind);

        if (source.Length < bytesRead)
        {
            return false;
        }

        header = new PacketHeader<BenchmarkIdentity>(
            BenchmarkIdentity.Read(source),
            BinaryPrimitives.ReadUInt16BigEndian(source[10..]),
            BenchmarkIdentity.Read(source[12..]),
            kind,
            bytesRead > Plain + 4 ? BenchmarkIdentity.Read(source[(Plain + 4)..]) : default,
            bytesRead > Plain ? BinaryPrimitives.ReadUInt32BigEndian(source[Plain..]) : 0,
            0
        );
        return true;
    }

    int ICodec<BenchmarkIdentity>.GetMemberSize(in MemberRecord<BenchmarkIdentity> member) => MemberSize;

    public void EncodeMember(in MemberRecord<BenchmarkIdentity> member, Span<byte> destination)
    {
        member.Identity.Write(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], member.Incarnation);
        destination[12] = (byte)member.Status;
    }

    public bool TryDecodeMember(
        ReadOnlySpan<byte> source,
        out MemberRecord<BenchmarkIdentity> member,
        out int bytesRead
    )
    {
        bytesRead = MemberSize;
        member = default;

        if (source.Length < MemberSize || source[12] > (byte)MemberStatus.Down)
        {
            return false;
        }

        member = new MemberRecord<BenchmarkIdentity>(
            BenchmarkIdentity.Read(source),
            BinaryPrimitives.ReadUInt16BigEndian(source[10..]),
            (MemberStatus)source[12],
            null
        );
        return true;
    }
}
