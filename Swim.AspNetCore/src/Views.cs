using System.Text.Json.Serialization;

namespace Swim.AspNetCore;

/// <summary>A member as the JSON has it.</summary>
/// <param name="Identity">Endpoint and generation, as in <c>10.0.0.1:7946#1764000000000000</c>.</param>
/// <param name="EndPoint">The endpoint at which it is reached; one row per endpoint.</param>
/// <param name="Generation">Distinguishes this life of the member from earlier ones at the endpoint.</param>
/// <param name="Status">alive, suspect, down or left.</param>
/// <param name="Incarnation">
/// How often it refuted under this identity; of one that is down, the incarnation at which it was declared Down.
/// </param>
/// <param name="ChangedAt">The time of the last change of its status, identity or incarnation here.</param>
/// <param name="IsSelf">Whether this is the member that serves the dashboard.</param>
internal sealed record MemberView(
    string Identity,
    [property: JsonPropertyName("endpoint")] string EndPoint,
    ulong Generation,
    string Status,
    int Incarnation,
    DateTime ChangedAt,
    bool IsSelf
);

/// <summary>An event of the member.</summary>
/// <param name="Number">Counts the events of this process from 1.</param>
/// <param name="Time">The time at which it was observed here.</param>
/// <param name="Kind">
/// member-up, member-suspected, member-refuted, member-down or member-renamed; of this member itself active, idle,
/// defunct, rejoined, self-refuted or address-conflict.
/// </param>
/// <param name="Identity">The member that it is about, by its identity after the event.</param>
/// <param name="Previous">The identity before, if it was another at the same endpoint.</param>
/// <param name="Cause">
/// probe, gossip, refutation, timer, leave or identity-change; null for what was found by comparison, after the
/// dashboard had lost events.
/// </param>
internal sealed record EventView(
    long Number,
    DateTime Time,
    string Kind,
    string Identity,
    string? Previous,
    string? Cause
);

/// <summary>The member that serves the dashboard.</summary>
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

/// <summary>The figures of the member since it started.</summary>
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
/// <param name="Target">The member that was probed.</param>
/// <param name="StartedAt">The time at which its Ping was sent.</param>
/// <param name="RoundTripMilliseconds">The time to the answer; null if there was none.</param>
/// <param name="WasIndirect">Whether a helper forwarded the answer.</param>
internal sealed record ProbeView(
    string Target,
    DateTime StartedAt,
    double? RoundTripMilliseconds,
    bool WasIndirect
);

/// <summary>The packets of one kind that were sent and received since the start.</summary>
internal sealed record MessageView(
    string Kind,
    long PacketsSent,
    long BytesSent,
    long PacketsReceived,
    long BytesReceived
);

/// <summary>All that a browser needs to begin, or to begin again.</summary>
/// <param name="Time">The time of this view.</param>
/// <param name="RefreshSeconds">The longest silence of the stream.</param>
/// <param name="Status">The current state of the member.</param>
/// <param name="Members">All rows, this member first.</param>
/// <param name="Events">The latest events that are kept, the latest last.</param>
/// <param name="Probes">The latest probes that ended.</param>
/// <param name="Messages">The current counts of all kinds.</param>
internal sealed record SnapshotView(
    DateTime Time,
    double RefreshSeconds,
    StatusView Status,
    IReadOnlyList<MemberView> Members,
    IReadOnlyList<EventView> Events,
    IReadOnlyList<ProbeView> Probes,
    IReadOnlyList<MessageView> Messages
);

/// <summary>What changed since the snapshot or the update before.</summary>
/// <param name="Time">The time of this view.</param>
/// <param name="Status">The current state of the member.</param>
/// <param name="Members">The rows that changed.</param>
/// <param name="Forgotten">The endpoints of rows that were dropped.</param>
/// <param name="Events">What happened, the latest last.</param>
/// <param name="Probes">The probes that ended.</param>
/// <param name="Messages">The current counts of all kinds.</param>
internal sealed record UpdateView(
    DateTime Time,
    StatusView Status,
    IReadOnlyList<MemberView> Members,
    IReadOnlyList<string> Forgotten,
    IReadOnlyList<EventView> Events,
    IReadOnlyList<ProbeView> Probes,
    IReadOnlyList<MessageView> Messages
);

/// <summary>That the member left.</summary>
internal sealed record LeftView(string Left);

/// <summary>Why a request was refused, and what would be right.</summary>
internal sealed record ErrorView(string Error);
