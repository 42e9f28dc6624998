using System.Net;
using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>
/// Remembers some members of the cluster in a file, so that a node can rejoin after a restart even if no seed is
/// left. It also keeps the generation of the node, as a clock that was set back must not make it older than its
/// earlier life (R12.12).
/// </summary>
internal sealed class RememberedMembers
{
    // Enough that one of them still runs after a restart, and few enough to ask all at once.
    internal const int MaxMembers = 32;

    // Changes need not be on the disk at once.
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private MembersFile.Content? _written;
    private bool _failed;

    private RememberedMembers(SwimNodeOptions options, ILogger logger)
    {
        _path = options.MembersPath!;
        _clock = options.TimeProvider;
        _logger = logger;
        _written = Read();
        Known = [.. (_written?.Members ?? []).Select(member => SeedAddress.Parse(member.ToString()))];
    }

    /// <summary>The members in the file at the start of the node.</summary>
    public IReadOnlyList<SeedAddress> Known { get; }

    /// <summary>Opens the file that the options name; null if they name none.</summary>
    public static RememberedMembers? Open(SwimNodeOptions options, ILogger logger) =>
        options.MembersPath is null ? null : new RememberedMembers(options, logger);

    /// <summary>The identity itself, or one that wins over that of the earlier life in the file.</summary>
    public NodeIdentity Supersede(NodeIdentity identity) =>
        _written is { } former && former.Generation >= identity.Generation
            ? new NodeIdentity(identity.EndPoint, former.Generation + 1)
            : identity;

    /// <summary>Writes the file once per period if its contents changed, and at the end.</summary>
    public async Task RunAsync(Func<SwimSnapshot<NodeIdentity>> snapshot, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, _clock);

        try
        {
            do
            {
                Save(snapshot());
            } while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Save(snapshot());
        }
    }

    private void Save(SwimSnapshot<NodeIdentity> now)
    {
        IReadOnlyList<IPEndPoint> members = Choose(now);

        // A node that knows no member may have lost its network, so the members that it knew are kept.
        if (members.Count == 0)
        {
            members = _written?.Members ?? [];
        }

        var content = new MembersFile.Content(now.Identity.Generation, members);

        if (
            _written is { } last
            && last.Generation == content.Generation
            && last.Members.SequenceEqual(content.Members)
        )
        {
            return;
        }

        try
        {
            MembersFile.Write(_path, content);
            _written = content;
            _failed = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Logged once, until writing succeeds again.
            if (!_failed)
            {
                Log.MembersNotSaved(_logger, exception, _path);
            }

            _failed = true;
        }
    }

    /// <summary>Chooses the members that are in the file and still active, then others.</summary>
    private List<IPEndPoint> Choose(SwimSnapshot<NodeIdentity> now)
    {
        var chosen = new List<IPEndPoint>();

        foreach (var endPoint in _written?.Members ?? [])
        {
            if (
                chosen.Count < MaxMembers
                && now.TryGetMember(NodeIdentity.Unknown(endPoint), out var member)
                && member.IsActive
            )
            {
                chosen.Add(endPoint);
            }
        }

        for (var index = 0; index < now.Members.Count && chosen.Count < MaxMembers; index++)
        {
            var endPoint = now.Members[index].Identity.EndPoint;

            if (!chosen.Contains(endPoint))
            {
                chosen.Add(endPoint);
            }
        }

        return chosen;
    }

    private MembersFile.Content? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        try
        {
            return MembersFile.Read(_path);
        }
        catch (Exception exception)
            when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Log.MembersUnreadable(_logger, exception, _path);
            return null;
        }
    }
}
