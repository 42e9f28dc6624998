using System.Text.Json.Serialization;

namespace Swim.AspNetCore;

/// <summary>Writes the views: names in camelCase, made at compile time, so that trimming and AOT keep them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<MemberView>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(IReadOnlyList<ProbeView>))]
[JsonSerializable(typeof(IReadOnlyList<MessageView>))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(SnapshotView))]
[JsonSerializable(typeof(UpdateView))]
[JsonSerializable(typeof(LeftView))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class DashboardJson : JsonSerializerContext;
