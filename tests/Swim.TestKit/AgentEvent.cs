using System.Globalization;
using System.Text.Json;

namespace Swim.TestKit;

/// <summary>One line that an agent printed.</summary>
public sealed record AgentEvent(JsonElement Line)
{
    public string Name => Text("event");

    public string Identity => Text("identity");

    public string EndPoint => Text("endpoint");

    public ulong Generation => Line.GetProperty("generation").GetUInt64();

    public DateTimeOffset Time => DateTimeOffset.Parse(Text("time"), CultureInfo.InvariantCulture);

    /// <summary>The identity before the event, if it was another.</summary>
    public string? Previous => Optional("previous");

    /// <summary>Why it happened; null for what is no event of the node.</summary>
    public string? Cause => Optional("cause");

    public long Number(string field) => Line.GetProperty(field).GetInt64();

    public static AgentEvent Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new AgentEvent(document.RootElement.Clone());
    }

    public override string ToString() => Line.GetRawText();

    private string? Optional(string field) =>
        Line.TryGetProperty(field, out var value) ? value.GetString() : null;

    private string Text(string field) => Line.GetProperty(field).GetString()!;
}
