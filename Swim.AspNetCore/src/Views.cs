using System.Text.Json.Serialization;

namespace Swim.AspNetCore;

/// <summary>A member as the JSON has it.</summary>
/// <param name="Identity">Endpoint and generation, as in <c>10.0.0.1:7946#1764000000000000</c>.</param>
/// <param name="EndPoint">Where it is reached; one row per endpoint.</param>
/// <param name="Generation">Tells this life of the member from earlier ones at the endpoint.</param>
/// <param name="Status">alive, suspect or down; of ourselves also left.</param>
/// <param name="Incarnation">How often it refuted a suspicion under this identity.</param>
/// <param name="ChangedAt">When its status, identity or incarnation was last seen to change here.</param>
/// <param name="IsSelf">Whether this is the member that tells all this.</param>
internal sealed record MemberView(
    string Identity,
    [property: JsonPropertyName("endpoint")] string EndPoint,
    ulong Generation,
    string Status,
    int Incarnation,
    DateTime ChangedAt,
    bool IsSelf
);

/// <summary>Something that happened.</summary>
/// <param name="Number">Counts the changes of this process from 1.</param>
/// <param name="Time">When it was noticed here.</param>
/// <param name="Kind">
/// member-up, member-suspected, member-refuted, member-down or member-renamed; of this member itself active, idle,
/// defunct, rejoined or self-refuted.
/// </param>
/// <param name="Identity">Whom it happened to.</param>
/// <param name="Previous">The identity before, of a rename.</param>
internal sealed record ChangeView(long Number, DateTime Time, string Kind, string Identity, string? Previous);

/// <summary>The member that tells all this.</summary>
internal sealed record StatusView(
    string Identity,
    [property: JsonPropertyName("endpoint")] string EndPoint,
    string BoundTo,
    ulong Generation,
    int Incarnation,
    string Connection,
    bool HasLeft,
    int Alive,
    int Suspect,
    int Down,
    int UpdatesBacklog,
    int CustomBroadcastBacklog,
    bool AllowsControl,
    StatisticsView Statistics
);

/// <summary>What it has done so far.</summary>
internal sealed record StatisticsView(
    long PacketsReceived,
    long BytesReceived,
    long PacketsSent,
    long BytesSent,
    IReadOnlyDictionary<string, long> PacketsRefused,
    long ReceiveQueueDrops,
    long SendFailures,
    long ReceiveFailures,
    long ProbeCyclesIncomplete,
    long ProbesAnswered,
    long ProbesAnsweredIndirectly,
    long ProbesFailed
);

/// <summary>A probe that ended.</summary>
/// <param name="Target">Who was probed.</param>
/// <param name="StartedAt">When.</param>
/// <param name="RoundTripMilliseconds">How long the answer took; null if there was none.</param>
/// <param name="WasIndirect">Whether it came by way of a helper.</param>
internal sealed record ProbeView(
    string Target,
    DateTime StartedAt,
    double? RoundTripMilliseconds,
    bool WasIndirect
);

/// <summary>How many packets of a kind were sent and received so far.</summary>
internal sealed record MessageView(
    string Kind,
    long PacketsSent,
    long BytesSent,
    long PacketsReceived,
    long BytesReceived
);

/// <summary>All that a browser needs to begin, or to begin again.</summary>
/// <param name="Time">When this was put together.</param>
/// <param name="RefreshSeconds">The longest silence between two events.</param>
/// <param name="Status">How the member is now.</param>
/// <param name="Members">All rows, ourselves first.</param>
/// <param name="Changes">The latest changes that are kept, the latest last.</param>
/// <param name="Probes">The latest probes that ended.</param>
/// <param name="Messages">All kinds, as of now.</param>
internal sealed record SnapshotView(
    DateTime Time,
    double RefreshSeconds,
    StatusView Status,
    IReadOnlyList<MemberView> Members,
    IReadOnlyList<ChangeView> Changes,
    IReadOnlyList<ProbeView> Probes,
    IReadOnlyList<MessageView> Messages
);

/// <summary>What changed since the event before.</summary>
/// <param name="Time">When this was put together.</param>
/// <param name="Status">How the member is now.</param>
/// <param name="Members">The rows that changed.</param>
/// <param name="Forgotten">The endpoints of rows that are gone.</param>
/// <param name="Changes">What happened, the latest last.</param>
/// <param name="Probes">The probes that ended.</param>
/// <param name="Messages">All kinds, as of now.</param>
internal sealed record UpdateView(
    DateTime Time,
    StatusView Status,
    IReadOnlyList<MemberView> Members,
    IReadOnlyList<string> Forgotten,
    IReadOnlyList<ChangeView> Changes,
    IReadOnlyList<ProbeView> Probes,
    IReadOnlyList<MessageView> Messages
);

/// <summary>That the member left.</summary>
internal sealed record LeftView(string Left);

/// <summary>Why a request was refused, and what would do.</summary>
internal sealed record ErrorView(string Error);
