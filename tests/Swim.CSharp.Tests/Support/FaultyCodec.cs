namespace Swim.CSharp.Tests.Support;

/// <summary>What a codec can get wrong.</summary>
internal enum CodecFault
{
    None,
    HeaderDecodingThrows,
    HeaderReadsNothing,
    HeaderReadsLessThanNothing,
    HeaderReadsBeyondTheEnd,
    HeaderHasUnknownKind,
    HeaderHasNoSource,
    HeaderHasNoDestination,
    HeaderNamesNoMember,
    MemberDecodingThrows,
    MemberReadsNothing,
    MemberReadsLessThanNothing,
    MemberReadsBeyondTheEnd,
    MemberHasUnknownStatus,
    MemberHasNoIdentity,
    HeaderSizeGrows,
    MemberSizeGrows,
    HeaderSizeIsTooSmall,
    MemberSizeIsTooSmall,
    HeaderSizeIsNegative,
    HeaderEncodingThrows,
    MemberEncodingThrows,
}

/// <summary>
/// The codec of <see cref="NamedIdentity"/> with a fault that tests switch on and off. Sizes grow after they
/// were first asked for, that is between packing and encoding.
/// </summary>
internal sealed class FaultyCodec : ICodec<NamedIdentity>
{
    private readonly NamedCodec _inner = NamedCodec.Instance;
    private int _headerSizesAsked;

    public CodecFault Fault { get; set; }

    public int GetHeaderSize(in PacketHeader<NamedIdentity> header) =>
        Fault switch
        {
            CodecFault.HeaderSizeGrows => _inner.GetHeaderSize(header) + (2000 * _headerSizesAsked++),
            CodecFault.HeaderSizeIsTooSmall => _inner.GetHeaderSize(header) - 1,
            CodecFault.HeaderSizeIsNegative => -1,
            _ => _inner.GetHeaderSize(header),
        };

    public void EncodeHeader(in PacketHeader<NamedIdentity> header, Span<byte> destination)
    {
        ThrowIf(CodecFault.HeaderEncodingThrows);
        _inner.EncodeHeader(header, destination);
    }

    public bool TryDecodeHeader(
        ReadOnlySpan<byte> source,
        out PacketHeader<NamedIdentity> header,
        out int bytesRead
    )
    {
        ThrowIf(CodecFault.HeaderDecodingThrows);
        _inner.TryDecodeHeader(source, out header, out bytesRead);

        bytesRead = Fault switch
        {
            CodecFault.HeaderReadsNothing => 0,
            CodecFault.HeaderReadsLessThanNothing => -1,
            CodecFault.HeaderReadsBeyondTheEnd => source.Length + 1,
            _ => bytesRead,
        };

        header = Fault switch
        {
            CodecFault.HeaderHasUnknownKind => Header(header.Source, header.Destination, (MessageKind)12),
            CodecFault.HeaderHasNoSource => Header(null!, header.Destination, header.Kind),
            CodecFault.HeaderHasNoDestination => Header(header.Source, null!, header.Kind),
            CodecFault.HeaderNamesNoMember => Header(header.Source, header.Destination, MessageKind.PingReq),
            _ => header,
        };

        return true;
    }

    public int GetMemberSize(in MemberRecord<NamedIdentity> member) =>
        Fault switch
        {
            CodecFault.MemberSizeGrows => _inner.GetMemberSize(member) + 2000,
            CodecFault.MemberSizeIsTooSmall => _inner.GetMemberSize(member) - 1,
            _ => _inner.GetMemberSize(member),
        };

    public void EncodeMember(in MemberRecord<NamedIdentity> member, Span<byte> destination)
    {
        ThrowIf(CodecFault.MemberEncodingThrows);
        _inner.EncodeMember(member, destination);
    }

    public bool TryDecodeMember(
        ReadOnlySpan<byte> source,
        out MemberRecord<NamedIdentity> member,
        out int bytesRead
    )
    {
        ThrowIf(CodecFault.MemberDecodingThrows);
        _inner.TryDecodeMember(source, out member, out bytesRead);

        bytesRead = Fault switch
        {
            CodecFault.MemberReadsNothing => 0,
            CodecFault.MemberReadsLessThanNothing => -1,
            CodecFault.MemberReadsBeyondTheEnd => source.Length + 1,
            _ => bytesRead,
        };

        member = Fault switch
        {
            CodecFault.MemberHasUnknownStatus => new(
                member.Identity,
                member.Incarnation,
                (MemberStatus)3,
                null
            ),
            CodecFault.MemberHasNoIdentity => new(null!, member.Incarnation, member.Status, null),
            _ => member,
        };

        return true;
    }

    private static PacketHeader<NamedIdentity> Header(
        NamedIdentity source,
        NamedIdentity destination,
        MessageKind kind
    ) => new(source, 0, destination, kind, null!, 0, 0);

    private void ThrowIf(CodecFault fault)
    {
        if (Fault == fault)
        {
            throw new NotSupportedException(fault.ToString());
        }
    }
}
