namespace Swim.CSharp.Tests;

/// <summary>The golden packets of <c>spec/vectors/packets.json</c>, both ways.</summary>
public sealed class WireVectorTests
{
    public static TheoryData<string> Names => [.. PacketVector.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_fields_encode_to_the_bytes(string name)
    {
        var vector = PacketVector.All[name];
        var encoded = Wire.Encode(NodeIdentityCodec.Instance, vector.ToPacket());
        Assert.Equal(vector.Hex, Convert.ToHexStringLower(encoded));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bytes_decode_to_the_fields(string name)
    {
        var vector = PacketVector.All[name];
        var decoded = Wire.Decode(NodeIdentityCodec.Instance, Convert.FromHexString(vector.Hex));
        var expected = vector.ToPacket();
        Assert.Equal(expected.Header, decoded.Header);
        Assert.Equal(expected.Updates, decoded.Updates);
        Assert.Equal(expected.Broadcasts, decoded.Broadcasts);
    }

    /// <summary>The core packs by these sizes, so a packet may never come out larger than they say.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_sizes_are_exact(string name)
    {
        var vector = PacketVector.All[name];
        var packet = vector.ToPacket();
        var codec = NodeIdentityCodec.Instance;
        var hasCount = packet.Kind != MessageKind.Broadcast;
        var hasTail = packet.Updates.Count + packet.Broadcasts.Count > 0;

        var size =
            2
            + 1
            + 4
            + codec.GetHeaderSize(packet.Header)
            + (hasCount && hasTail ? 2 : 0)
            + packet.Updates.Sum(member => codec.GetMemberSize(member))
            + packet.Broadcasts.Sum(item => 2 + item.Length);

        Assert.Equal(vector.Hex.Length / 2, size);
    }

    [Fact]
    public void There_is_a_vector_for_every_kind_family_status_and_limit()
    {
        var packets = PacketVector.All.Values.Select(vector => vector.ToPacket()).ToList();
        var records = packets.SelectMany(packet => packet.Updates).ToList();

        var identities = packets
            .SelectMany(packet => new[] { packet.Header.Source, packet.Destination })
            .ToList();

        foreach (var kind in Enum.GetValues<MessageKind>())
        {
            Assert.Contains(packets, packet => packet.Kind == kind && packet.Header.Source.IsIPv4);
            Assert.Contains(packets, packet => packet.Kind == kind && !packet.Header.Source.IsIPv4);
        }

        Assert.Equal(3, records.Select(record => record.Status).Distinct().Count());
        Assert.Contains(records, record => record.Accuser is { Identity.IsIPv4: true });
        Assert.Contains(records, record => record.Accuser is { Identity.IsIPv4: false });
        Assert.Contains(packets, packet => packet.Kind == MessageKind.Ack && packet.Header.Health > 0);
        Assert.Contains(packets, packet => packet.Header.Health == 7);
        Assert.Contains(packets, packet => packet.Header.SourceIncarnation == ushort.MaxValue);
        Assert.Contains(packets, packet => packet.Header.ProbeNumber == uint.MaxValue);
        Assert.Contains(records, record => record.Incarnation == ushort.MaxValue);
        Assert.Contains(identities, identity => identity.Generation == ulong.MaxValue);
        Assert.Contains(identities, identity => identity.Port == 1);
        Assert.Contains(identities, identity => identity.Port == ushort.MaxValue);
    }

    /// <summary>The prose shows the same bytes as the vectors, and every kind of message.</summary>
    [Fact]
    public void The_worked_examples_of_the_prose_are_vectors()
    {
        var examples = ExamplesIn(RepositoryFiles.Read("spec", "wire-format.md"));
        Assert.All(examples, example => Assert.Equal(PacketVector.All[example.Key].Hex, example.Value));

        Assert.Equal(
            Enum.GetValues<MessageKind>(),
            examples.Keys.Select(name => PacketVector.All[name].Kind).Distinct().Order()
        );
    }

    // An example is a block whose first line is its name; what follows a semicolon is a comment.
    private static Dictionary<string, string> ExamplesIn(string prose) =>
        prose
            .Split("```text\n; ")
            .Skip(1)
            .Select(rest => rest.Split("```")[0].Split('\n'))
            .ToDictionary(
                lines => lines[0],
                lines => string.Concat(lines.Skip(1).Select(line => line.Split(';')[0].Replace(" ", "")))
            );
}
