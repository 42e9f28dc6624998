using System.Text.Json;

namespace Swim.CSharp.Tests.Support;

/// <summary>A record in a vector, as people read it.</summary>
internal sealed record RecordVector(
    string Identity,
    ushort Incarnation,
    MemberStatus Status,
    string? Accuser = null
);

/// <summary>One entry of <c>spec/vectors/packets.json</c>.</summary>
internal sealed record PacketVector(
    string Name,
    MessageKind Kind,
    string Source,
    ushort Incarnation,
    string Destination,
    string? Named,
    uint ProbeNumber,
    RecordVector[] Updates,
    string[] Broadcasts,
    string Hex,
    byte Health = 0
)
{
    public static Dictionary<string, PacketVector> All { get; } =
        VectorFile.Read<PacketVector>("packets").ToDictionary(vector => vector.Name);

    public WirePacket<NodeIdentity> ToPacket() =>
        new(
            new PacketHeader<NodeIdentity>(
                Nodes.Parse(Source),
                Incarnation,
                Nodes.Parse(Destination),
                Kind,
                Named is null ? default : Nodes.Parse(Named),
                ProbeNumber,
                Health
            ),
            [
                .. Updates.Select(record => new MemberRecord<NodeIdentity>(
                    Nodes.Parse(record.Identity),
                    record.Incarnation,
                    record.Status,
                    record.Accuser is null ? null : new Accuser<NodeIdentity>(Nodes.Parse(record.Accuser))
                )),
            ],
            [.. Broadcasts.Select(Convert.FromHexString)]
        );
}

/// <summary>One entry of <c>spec/vectors/rejected.json</c>.</summary>
internal sealed record RejectedVector(string Name, string Why, SwimError Error, string Hex)
{
    public int MaxPacketSize { get; init; } = Wire.LargestPacket;

    public static Dictionary<string, RejectedVector> All { get; } =
        VectorFile.Read<RejectedVector>("rejected").ToDictionary(vector => vector.Name);
}

/// <summary>The files of <c>spec/vectors</c>: a note, and a list with the name of the file.</summary>
internal static class VectorFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public static List<T> Read<T>(string list)
    {
        using var document = JsonDocument.Parse(RepositoryFiles.Read("spec", "vectors", $"{list}.json"));
        return document.RootElement.GetProperty(list).Deserialize<List<T>>(Options)!;
    }
}
