using Microsoft.Extensions.Logging;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>
/// Follows one member for all its browsers: keeps the rows, the latest events, and what happened since each browser
/// last asked. Safe for threads.
/// </summary>
internal sealed partial class DashboardMonitor(
    ISwimCluster cluster,
    SwimDashboardOptions options,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>By how many updates a browser may fall behind before it has to begin again.</summary>
    internal const int LogCapacity = 2048;

    private readonly Lock _lock = new();
    private readonly EventLog _log = new(LogCapacity);
    private readonly Queue<EventView> _events = new();
    private readonly TaskCompletionSource _ready = NewSignal();
    private Roster? _roster;
    private TaskCompletionSource _updated = NewSignal();
    private bool _isOver;

    public ISwimCluster Cluster => cluster;

    /// <summary>Completes when the members are known here.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Follows the member until cancelled, or until the member ends.</summary>
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
#pragma warning disable CA1031 // No caller waits for this, so it is logged.
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

    /// <summary>The whole current view, this member first, and the position from which to read further.</summary>
    public (SnapshotView View, LogPosition Position) ReadAll()
    {
        var probes = cluster.RecentProbes;

        return Read(() =>
            (
                new SnapshotView(
                    clock.GetUtcNow().UtcDateTime,
                    options.RefreshPeriod.TotalSeconds,
                    Status(),
                    Members(),
                    [.. _events],
                    ViewConversion.Convert(probes),
                    ReadMessages()
                ),
                new LogPosition(_log.Last, probes.Count == 0 ? null : probes[^1])
            )
        );
    }

    /// <summary>This member alone.</summary>
    public StatusView ReadStatus() => Read(Status);

    /// <summary>The members alone, this one first.</summary>
    public IReadOnlyList<MemberView> ReadMembers() => Read(Members);

    /// <summary>The events alone, the oldest first.</summary>
    public IReadOnlyList<EventView> ReadEvents() => Read<IReadOnlyList<EventView>>(() => [.. _events]);

    /// <summary>The probes alone, the latest last.</summary>
    public IReadOnlyList<ProbeView> ReadProbes() => ViewConversion.Convert(cluster.RecentProbes);

    /// <summary>The packets by kind.</summary>
    public IReadOnlyList<MessageView> ReadMessages() => ViewConversion.Convert(cluster.Statistics.Messages);

    /// <summary>The updates after <paramref name="position"/>; null if some are not kept any more.</summary>
    public (UpdateView View, LogPosition Position)? ReadAfter(LogPosition position)
    {
        var probes = cluster.RecentProbes;

        lock (_lock)
        {
            if (!_log.TryReadAfter(position.Number, out var logged))
            {
                return null;
            }

            var update = new UpdateView(
                clock.GetUtcNow().UtcDateTime,
                Status(),
                logged.Rows,
                logged.Forgotten,
                logged.Events,
                ViewConversion.Convert(After(position.Probe, probes)),
                ReadMessages()
            );
            return (update, new LogPosition(_log.Last, probes.Count == 0 ? null : probes[^1]));
        }
    }

    /// <summary>Waits until there is something after <paramref name="position"/>, at most for one period.</summary>
    public async Task WaitAsync(LogPosition position, CancellationToken cancellationToken)
    {
        Task updated;

        lock (_lock)
        {
            if (_isOver || _log.Last > position.Number)
            {
                return;
            }

            updated = _updated.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(updated, Task.Delay(options.RefreshPeriod, clock, over.Token))
            .ConfigureAwait(false);
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

    private void Take(RosterUpdate update)
    {
        if (update.Event is { } occurred)
        {
            _events.Enqueue(occurred);

            if (_events.Count > options.EventCapacity)
            {
                _events.Dequeue();
            }
        }

        _log.Add(update);
    }

    private void Signal()
    {
        TaskCompletionSource updated;

        lock (_lock)
        {
            (updated, _updated) = (_updated, NewSignal());
        }

        updated.SetResult();
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
/// <param name="Number">The last update in the log.</param>
/// <param name="Probe">The last probe.</param>
internal readonly record struct LogPosition(long Number, SwimProbe? Probe);
