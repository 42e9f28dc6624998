using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Swim.Host.Tests.Support;

/// <summary>One thing that a node logged.</summary>
internal sealed record LogEntry(int Id, LogLevel Level, string Message, Exception? Exception);

/// <summary>
/// Keeps what nodes log, so that tests can wait for it. Refused packets come by the hundred thousand in some
/// tests, so those are only counted, by their text.
/// </summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    public const int LoopFailed = 3;
    public const int MemberDown = 11;
    public const int Renamed = 12;
    public const int Idle = 14;
    public const int Defunct = 15;
    public const int Rejoined = 16;
    public const int Suspected = 18;
    public const int Refuted = 19;
    public const int AskingSeed = 20;
    public const int SeedUnresolved = 21;
    public const int SeedsUnavailable = 24;
    public const int MembersUnreadable = 25;
    public const int SelfRefuted = 27;
    public const int Updated = 28;
    public const int Forgotten = 29;
    public const int Refused = 30;
    public const int LeaveTimedOut = 32;
    public const int RecordingFailed = 41;
    public const int RecordingFull = 42;

    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];
    private TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many packets were refused, by what the log said of the reason.</summary>
    public ConcurrentDictionary<string, long> RefusedByReason { get; } = new();

    /// <summary>Called for each entry, on the thread that logs; may throw.</summary>
    public Action<LogEntry> OnLog { get; set; } = _ => { };

    /// <summary>Called for each refused packet, on the node's loop; may throw.</summary>
    public Action OnRefused { get; set; } = () => { };

    public List<LogEntry> Entries(int? id = null)
    {
        lock (_lock)
        {
            return [.. _entries.Where(entry => id is null || entry.Id == id)];
        }
    }

    /// <summary>Waits until so many entries with that id are there.</summary>
    public async Task<List<LogEntry>> UntilAsync(int id, int count, string what)
    {
        while (true)
        {
            Task logged;

            lock (_lock)
            {
                logged = _logged.Task;
            }

            var entries = Entries(id);

            if (entries.Count >= count)
            {
                return entries;
            }

            await logged.Within($"{what}: {count} entries with id {id}, but there are {entries.Count}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (eventId.Id == Refused)
        {
            var reason = ((IReadOnlyList<KeyValuePair<string, object?>>)state!)
                .Single(pair => pair.Key == "Reason")
                .Value!.ToString()!;
            RefusedByReason.AddOrUpdate(reason, 1, (_, count) => count + 1);
            OnRefused();
            return;
        }

        var entry = new LogEntry(eventId.Id, logLevel, formatter(state, exception), exception);
        TaskCompletionSource logged;

        lock (_lock)
        {
            _entries.Add(entry);
            logged = _logged;
            _logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        logged.SetResult();
        OnLog(entry);
    }

    public void Dispose() { }
}
