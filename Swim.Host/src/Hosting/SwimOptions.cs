namespace Swim.Host;

/// <summary>The preset of the parameters of the protocol (R10.3).</summary>
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
/// The options of a service as a member of a cluster, bound to a section of its configuration or set in code. Checked
/// when the host starts.
/// </summary>
public sealed class SwimOptions
{
    /// <summary>The usual section of the configuration.</summary>
    public const string SectionName = "Swim";

    /// <summary>
    /// The endpoint to listen at, such as <c>10.0.0.1:7946</c>, <c>0.0.0.0:7946</c> or <c>[::]:7946</c>; port 0
    /// takes a free port. With an "any" address, set <see cref="Advertise"/> too.
    /// </summary>
    public string Bind { get; set; } = "127.0.0.1:7946";

    /// <summary>
    /// The endpoint at which other members reach this one, if it differs from <see cref="Bind"/>. An address alone,
    /// or port 0, stands for the port that the member listens at.
    /// </summary>
    public string? Advertise { get; set; }

    /// <summary>
    /// The addresses to join through, such as <c>10.0.0.1:7946</c> or <c>swim.example.org:7946</c>; a name stands
    /// for all its addresses. Without any seed, from here or a provider, the member starts a cluster.
    /// </summary>
    public IList<string> Seeds { get; } = [];

    /// <summary>A file with more seeds, one per line, that the member watches; null for none.</summary>
    public string? SeedsFile { get; set; }

    /// <inheritdoc cref="SwimNodeOptions.MembersPath"/>
    public string? MembersFile { get; set; }

    /// <summary>The preset of the parameters of the protocol (R10.3), the same for all members.</summary>
    public SwimPreset Preset { get; set; } = SwimPreset.Lan;

    /// <summary>The expected number of members, at least 1, the same for all members.</summary>
    public int ClusterSize { get; set; } = 16;

    /// <summary>
    /// The number of active members, this one included, that the service needs to do its work; with fewer its
    /// health is degraded. At least 1.
    /// </summary>
    public int MinimumMembers { get; set; } = 1;

    /// <summary>
    /// The longest time that the host waits in its start for this member to join; then the start fails. More than
    /// zero. Null does not wait, which the first member of a cluster needs.
    /// </summary>
    public TimeSpan? JoinTimeout { get; set; }

    /// <inheritdoc cref="SwimNodeOptions.JoinRetryMax"/>
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
    /// Changes the options of the node after all others were applied, for those that have no counterpart here. Set
    /// in code only.
    /// </summary>
    public Func<SwimNodeOptions, SwimNodeOptions>? ConfigureNode { get; set; }
}
