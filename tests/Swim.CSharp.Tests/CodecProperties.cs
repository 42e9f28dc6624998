using FsCheck;
using FsCheck.Fluent;

namespace Swim.CSharp.Tests;

/// <summary>
/// What holds of the codec for any value and any bytes (R9.1, R12.10), by FsCheck. A failure prints the random seed
/// that replays it.
/// </summary>
public sealed class CodecProperties
{
    private static readonly NodeIdentityCodec Codec = NodeIdentityCodec.Instance;

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void A_header_comes_back_as_it_was_from_exactly_its_size() =>
        Prop.ForAll(
                AnyPacket.Headers.ToArbitrary(),
                header =>
                {
                    var bytes = new byte[Codec.GetHeaderSize(header) + 3];
                    Codec.EncodeHeader(header, bytes.AsSpan(0, bytes.Length - 3));

                    return Codec.TryDecodeHeader(bytes, out var decoded, out var read)
                        && decoded == header
                        && read == bytes.Length - 3;
                }
            )
            .Check(Many);

    [Fact]
    public void A_record_comes_back_as_it_was_from_exactly_its_size() =>
        Prop.ForAll(
                AnyPacket.Members.ToArbitrary(),
                member =>
                {
                    var bytes = new byte[Codec.GetMemberSize(member) + 3];
                    Codec.EncodeMember(member, bytes.AsSpan(0, bytes.Length - 3));

                    return Codec.TryDecodeMember(bytes, out var decoded, out var read)
                        && decoded == member
                        && read == bytes.Length - 3;
                }
            )
            .Check(Many);

    [Fact]
    public void Whatever_is_cut_off_is_refused() =>
        Prop.ForAll(
                AnyPacket.Headers.ToArbitrary(),
                AnyPacket.Members.ToArbitrary(),
                (header, member) =>
                {
                    var head = new byte[Codec.GetHeaderSize(header)];
                    var record = new byte[Codec.GetMemberSize(member)];
                    Codec.EncodeHeader(header, head);
                    Codec.EncodeMember(member, record);

                    return Enumerable
                            .Range(0, head.Length)
                            .All(n => !Codec.TryDecodeHeader(head.AsSpan(0, n), out _, out _))
                        && Enumerable
                            .Range(0, record.Length)
                            .All(n => !Codec.TryDecodeMember(record.AsSpan(0, n), out _, out _));
                }
            )
            .Check(Many);

    [Fact]
    public void Any_bytes_are_refused_or_have_one_encoding_only() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<byte[]>(),
                tail =>
                {
                    // Enough of a beginning for some of them to be read.
                    byte[] bytes = [4, .. tail, 4, .. tail];

                    if (!Codec.TryDecodeMember(bytes, out var member, out var read))
                    {
                        return true;
                    }

                    var again = new byte[Codec.GetMemberSize(member)];
                    Codec.EncodeMember(member, again);
                    return again.AsSpan().SequenceEqual(bytes.AsSpan(0, read));
                }
            )
            .Check(Many);
}
