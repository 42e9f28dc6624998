using Microsoft.Extensions.Logging;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>
/// Follows one member for all its browsers: keeps the rows, the latest changes, and what happened since each browser
/// last asked. Safe for threads.
/// </summary>
internal sealed partial class DashboardMonitor(
    ISwimCluster cluster,
    SwimDashboardOptions options,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>How far a browser may fall behind before it has to begin again.</summary>
    internal const int NewsCapacity = 2048;

    private readonly Lock _lock = new();
    private readonly NewsLog _log = new(NewsCapacity);
    private readonly Queue<ChangeView> _changes = new();
    private readonly TaskCompletionSource _ready = NewSignal();
    private Roster? _roster;
    private TaskCompletionSource _news = NewSignal();
    private long _changeCount;
    private bool _isOver;

    public ISwimCluster Cluster => cluster;

    /// <summary>Ends once the members are known here.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Begins to follow. Ends when cancelled, or with the member.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var watched in cluster.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    Roster.Apply(watched);
                }

                Signal();
                _ready.TrySetResult();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The server or the member ends.
        }
#pragma warning disable CA1031 // Nobody waits for this; the dashboard ends with a word.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
        }

        lock (_lock)
        {
            _isOver = true;
        }

        Signal();
        _ready.TrySetResult();
    }

    /// <summary>Whether there is nothing more to follow.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return _isOver;
            }
        }
    }

    /// <summary>All there is to see now, ourselves first, and the position from which to read on.</summary>
    public (SnapshotView View, NewsPosition Position) ReadAll()
    {
        var probes = cluster.RecentProbes;

        return Read(() =>
            (
                new SnapshotView(
                    clock.GetUtcNow().UtcDateTime,
                    options.RefreshPeriod.TotalSeconds,
                    Status(),
                    Members(),
                    [.. _changes],
                    ViewConversion.Convert(probes),
                    ReadMessages()
                ),
                new NewsPosition(_log.Last, probes.Count == 0 ? null : probes[^1])
            )
        );
    }

    /// <summary>This member alone.</summary>
    public StatusView ReadStatus() => Read(Status);

    /// <summary>The members alone, ourselves first.</summary>
    public IReadOnlyList<MemberView> ReadMembers() => Read(Members);

    /// <summary>The changes alone, the oldest first.</summary>
    public IReadOnlyList<ChangeView> ReadChanges() => Read<IReadOnlyList<ChangeView>>(() => [.. _changes]);

    /// <summary>The probes alone, the latest last.</summary>
    public IReadOnlyList<ProbeView> ReadProbes() => ViewConversion.Convert(cluster.RecentProbes);

    /// <summary>The packets by kind.</summary>
    public IReadOnlyList<MessageView> ReadMessages() => ViewConversion.Convert(cluster.Statistics.Messages);

    /// <summary>What came after <paramref name="position"/>; null if that was too much to be kept.</summary>
    public (UpdateView View, NewsPosition Position)? ReadAfter(NewsPosition position)
    {
        var probes = cluster.RecentProbes;

        lock (_lock)
        {
            if (!_log.TryReadAfter(position.Number, out var news))
            {
                return null;
            }

            var update = new UpdateView(
                clock.GetUtcNow().UtcDateTime,
                Status(),
                news.Rows,
                news.Forgotten,
                news.Changes,
                ViewConversion.Convert(After(position.Probe, probes)),
                ReadMessages()
            );
            return (update, new NewsPosition(_log.Last, probes.Count == 0 ? null : probes[^1]));
        }
    }

    /// <summary>Waits until there is something after <paramref name="position"/>, at most for one period.</summary>
    public async Task WaitAsync(NewsPosition position, CancellationToken cancellationToken)
    {
        Task news;

        lock (_lock)
        {
            if (_isOver || _log.Last > position.Number)
            {
                return;
            }

            news = _news.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news, Task.Delay(options.RefreshPeriod, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    private Roster Roster => _roster ??= new Roster(clock, Take);

    private StatusView Status()
    {
        var snapshot = cluster.Snapshot;
        var self = Roster.Self?.Status == "alive" ? 1 : 0;

        return new StatusView(
            snapshot.Identity.ToString(),
            snapshot.Identity.EndPoint.ToString(),
            cluster.LocalEndPoint.ToString(),
            snapshot.Identity.Generation,
            snapshot.Incarnation,
            ViewConversion.NameOf(snapshot.ConnectionState),
            snapshot.HasLeft,
            Roster.CountOf(MemberStatus.Alive) + self,
            Roster.CountOf(MemberStatus.Suspect),
            Roster.CountOf(MemberStatus.Down) + 1 - self,
            snapshot.UpdatesBacklog,
            snapshot.CustomBroadcastBacklog,
            options.AllowControl,
            ViewConversion.Convert(cluster.Statistics)
        );
    }

    private List<MemberView> Members()
    {
        var members = new List<MemberView>(Roster.Count + 1);

        if (Roster.Self is { } self)
        {
            members.Add(self);
        }

        members.AddRange(Roster.Others);
        return members;
    }

    private void Take(RosterNews news)
    {
        ChangeView? change = null;

        if (news.Kind is { } kind)
        {
            change = new ChangeView(
                ++_changeCount,
                clock.GetUtcNow().UtcDateTime,
                kind,
                news.Identity.ToString(),
                news.Previous?.ToString()
            );
            _changes.Enqueue(change);

            if (_changes.Count > options.ChangeCapacity)
            {
                _changes.Dequeue();
            }
        }

        _log.Add(news.Row, news.Forgotten, change);
    }

    private void Signal()
    {
        TaskCompletionSource news;

        lock (_lock)
        {
            (news, _news) = (_news, NewSignal());
        }

        news.SetResult();
    }

    private static IEnumerable<SwimProbe> After(SwimProbe? last, IReadOnlyList<SwimProbe> probes)
    {
        var index = probes.Count - 1;

        while (index >= 0 && probes[index] != last)
        {
            index--;
        }

        return probes.Skip(index + 1);
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1, LogLevel.Error, "The dashboard cannot follow its member any more")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>Up to where a browser has read.</summary>
/// <param name="Number">The last entry of the log.</param>
/// <param name="Probe">The last probe.</param>
internal readonly record struct NewsPosition(long Number, SwimProbe? Probe);
