namespace Swim.Host;

/// <summary>Where the parameters of the protocol come from (R10.3).</summary>
public enum SwimPreset
{
    /// <summary><see cref="SwimConfig.Lan"/>: one data centre.</summary>
    Lan = 0,

    /// <summary><see cref="SwimConfig.Wan"/>: across the internet.</summary>
    Wan = 1,

    /// <summary><see cref="SwimConfig.Local"/>: one machine, for tests.</summary>
    Local = 2,
}

/// <summary>
/// How a service takes part in a cluster, to be bound from a section of its configuration or set in code. Checked
/// when the host starts.
/// </summary>
public sealed class SwimOptions
{
    /// <summary>The section that is usual for it.</summary>
    public const string SectionName = "Swim";

    /// <summary>
    /// Where to listen, such as <c>10.0.0.1:7946</c>, <c>0.0.0.0:7946</c> or <c>[::]:7946</c>; port 0 takes a free one.
    /// With an "any" address set <see cref="Advertise"/> too.
    /// </summary>
    public string Bind { get; set; } = "127.0.0.1:7946";

    /// <summary>
    /// Where others reach this member, if that is not where it listens: an address and a port, or an address alone,
    /// which stands for the port that is listened on.
    /// </summary>
    public string? Advertise { get; set; }

    /// <summary>
    /// Members to join through, such as <c>10.0.0.1:7946</c> or <c>swim.example.org:7946</c>; all addresses of a name
    /// count. Without any, and without other sources of seeds, the member starts a cluster.
    /// </summary>
    public IList<string> Seeds { get; } = [];

    /// <summary>A file with more seeds, one a line, that is watched; null for none.</summary>
    public string? SeedsFile { get; set; }

    /// <summary>A file to remember members in, to find back after a restart without seeds; null for none.</summary>
    public string? MembersFile { get; set; }

    /// <summary>Where the parameters of the protocol come from.</summary>
    public SwimPreset Preset { get; set; } = SwimPreset.Lan;

    /// <summary>About how many members the cluster will have, at least 1; the same for all members.</summary>
    public int ClusterSize { get; set; } = 16;

    /// <summary>
    /// How many active members, this one included, the service needs to do its work; with fewer its health is
    /// degraded. At least 1.
    /// </summary>
    public int MinimumMembers { get; set; } = 1;

    /// <summary>
    /// How long the host may take to start until the cluster knows this member; then starting fails. Null does not
    /// wait, which is right for the first member of a cluster.
    /// </summary>
    public TimeSpan? JoinTimeout { get; set; }

    /// <summary>The longest wait between two times of asking the seeds. More than zero, at most one day.</summary>
    public TimeSpan JoinRetryMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="SwimNodeOptions.SeedRefreshPeriod"/>
    public TimeSpan? SeedRefreshPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc cref="SwimNodeOptions.LeaveTimeout"/>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="SwimNodeOptions.RecordingPath"/>
    public string? RecordingPath { get; set; }

    /// <inheritdoc cref="SwimNodeOptions.RecordingMaxBytes"/>
    public long? RecordingMaxBytes { get; set; }

    /// <summary>
    /// The last word on how the node runs, for what the others do not say; runs after them. Set in code only.
    /// </summary>
    public Func<SwimNodeOptions, SwimNodeOptions>? ConfigureNode { get; set; }
}
