using System.Diagnostics.CodeAnalysis;

namespace Swim.CSharp.Tests.Support;

/// <summary>A number that can break: from then on it throws whenever it is compared.</summary>
internal readonly record struct FragileIdentity(byte Number) : IIdentity<FragileIdentity>
{
    /// <summary>Whether comparing throws.</summary>
    public static bool IsBroken { get; set; }

    public bool HasSameAddress(FragileIdentity other) =>
        IsBroken ? throw new NotSupportedException("broken") : Number == other.Number;

    public int GetAddressHashCode() => Number;

    public bool TryRenew([MaybeNullWhen(false)] out FragileIdentity renewed)
    {
        renewed = default;
        return false;
    }

    public bool WinsAddressConflict(FragileIdentity other) => false;

    /// <summary>Breaks the identities while a packet is on its way through the handler.</summary>
    internal sealed class Handler : IBroadcastHandler<FragileIdentity, TopicKey>
    {
        public BroadcastVerdict Receive(
            ReadOnlySpan<byte> data,
            bool isLocal,
            FragileIdentity sender,
            [MaybeNull] out TopicKey key
        )
        {
            key = null;
            IsBroken = true;
            return BroadcastVerdict.Stale;
        }
    }

    /// <summary>A byte for each of what there is.</summary>
    internal sealed class Codec : ICodec<FragileIdentity>
    {
        public static Codec Instance { get; } = new();

        public int GetHeaderSize(in PacketHeader<FragileIdentity> header) => 5;

        public void EncodeHeader(in PacketHeader<FragileIdentity> header, Span<byte> destination)
        {
            destination[0] = (byte)header.Kind;
            destination[1] = header.Source.Number;
            destination[2] = header.Destination.Number;
            destination[3] = header.Named.Number;
            destination[4] = (byte)header.ProbeNumber;
        }

        public bool TryDecodeHeader(
            ReadOnlySpan<byte> source,
            out PacketHeader<FragileIdentity> header,
            out int bytesRead
        )
        {
            bytesRead = 5;
            header = new(
                new(source[1]),
                0,
                new(source[2]),
                (MessageKind)source[0],
                new(source[3]),
                source[4],
                0
            );
            return true;
        }

        public int GetMemberSize(in MemberRecord<FragileIdentity> member) => 2;

        public void EncodeMember(in MemberRecord<FragileIdentity> member, Span<byte> destination)
        {
            destination[0] = member.Identity.Number;
            destination[1] = (byte)member.Status;
        }

        public bool TryDecodeMember(
            ReadOnlySpan<byte> source,
            out MemberRecord<FragileIdentity> member,
            out int bytesRead
        )
        {
            bytesRead = 2;
            member = new(new(source[0]), 0, (MemberStatus)source[1], null);
            return true;
        }
    }
}
