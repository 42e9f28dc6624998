namespace Swim.CSharp.Tests.Support;

/// <summary>A packet with its parts in plain sight.</summary>
internal sealed record WirePacket<TIdentity>(
    PacketHeader<TIdentity> Header,
    IReadOnlyList<MemberRecord<TIdentity>> Updates,
    IReadOnlyList<byte[]> Broadcasts
)
{
    public MessageKind Kind => Header.Kind;
    public TIdentity Destination => Header.Destination;
}

/// <summary>Makes packets as another member would, and reads those that an instance sends.</summary>
internal static class Wire
{
    public const int LargestPacket = 65_507;

    public static byte[] Encode<TIdentity>(ICodec<TIdentity> codec, WirePacket<TIdentity> packet)
        where TIdentity : IIdentity<TIdentity>
    {
        var value = new Core.Packet<TIdentity>(
            packet.Header,
            packet.Updates.ToArray(),
            packet.Broadcasts.Select(item => new ReadOnlyMemory<byte>(item)).ToArray()
        );

        var buffer = new byte[LargestPacket];
        Assert.True(new PacketCodec<TIdentity>(codec).TryEncode(value, buffer, out var length));
        return buffer[..length];
    }

    public static WirePacket<TIdentity> Decode<TIdentity>(ICodec<TIdentity> codec, ReadOnlySpan<byte> data)
        where TIdentity : IIdentity<TIdentity>
    {
        var error = new PacketCodec<TIdentity>(codec).Decode(data, out var packet);
        Assert.Equal(SwimError.None, error);

        return new WirePacket<TIdentity>(
            packet.Header,
            [.. packet.Updates],
            [.. packet.Broadcasts.Select(item => item.ToArray())]
        );
    }
}
