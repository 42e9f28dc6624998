using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <summary>
/// Gives events to any number of readers, each at its own pace. A reader that falls behind by more than the capacity
/// loses its queue and gets a resynchronization; the node never waits for it.
/// </summary>
internal sealed class EventFeed(
    int capacity,
    Func<SwimSnapshot<NodeIdentity>> snapshot,
    NodeTelemetry telemetry
)
{
    private readonly Lock _lock = new();
    private Reader[] _readers = [];
    private bool _completed;

    public void Publish(in WatchedEvent next)
    {
        // Readers are added and removed by replacing the array, so publishing needs no lock.
        foreach (var reader in Volatile.Read(ref _readers))
        {
            if (!reader.TryAdd(next))
            {
                telemetry.Resynchronized();
            }
        }
    }

    /// <summary>Ends every reader after it has taken what is queued for it.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;

            foreach (var reader in _readers)
            {
                reader.Complete();
            }
        }
    }

    /// <summary>
    /// All events from now on, after one resynchronization. The reader is registered by this call, not by its first
    /// read.
    /// </summary>
    public IAsyncEnumerable<WatchedEvent> ReadAsync(CancellationToken cancellationToken)
    {
        return new Stream(this, Register(), cancellationToken);
    }

    private Reader Register()
    {
        var reader = new Reader(capacity);

        lock (_lock)
        {
            _readers = [.. _readers, reader];

            if (_completed)
            {
                reader.Complete();
            }
        }

        return reader;
    }

    private async IAsyncEnumerable<WatchedEvent> EnumerateAsync(
        Reader reader,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        try
        {
            while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (reader.TryTake(snapshot, out var next))
                {
                    yield return next;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _readers = [.. _readers.Where(other => other != reader)];
            }
        }
    }

    /// <summary>The stream of one call. A second enumeration gets a reader of its own.</summary>
    private sealed class Stream(EventFeed feed, Reader reader, CancellationToken cancellationToken)
        : IAsyncEnumerable<WatchedEvent>
    {
        private Reader? _reader = reader;

        public IAsyncEnumerator<WatchedEvent> GetAsyncEnumerator(CancellationToken cancellation = default)
        {
            var mine = Interlocked.Exchange(ref _reader, null) ?? feed.Register();
            return feed.EnumerateAsync(mine, cancellationToken).GetAsyncEnumerator(cancellation);
        }
    }

    private sealed class Reader
    {
        private readonly int _capacity;
        private readonly Lock _lock = new();
        private readonly Queue<WatchedEvent> _queue = new();

        // Holds a token while there may be something to take.
        private readonly Channel<byte> _signal = Channel.CreateBounded<byte>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
        );

        // A reader starts without any knowledge.
        private bool _mustResynchronize = true;

        public Reader(int capacity)
        {
            _capacity = capacity;
            _signal.Writer.TryWrite(0);
        }

        /// <summary>False if the reader lost its queue.</summary>
        public bool TryAdd(in WatchedEvent next)
        {
            var kept = true;

            lock (_lock)
            {
                if (_queue.Count == _capacity)
                {
                    _queue.Clear();
                    _mustResynchronize = true;
                    kept = false;
                }
                else if (!_mustResynchronize)
                {
                    _queue.Enqueue(next);
                }
            }

            _signal.Writer.TryWrite(0);
            return kept;
        }

        public void Complete() => _signal.Writer.TryComplete();

        public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
        {
            if (!await _signal.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            _signal.Reader.TryRead(out _);
            return true;
        }

        public bool TryTake(Func<SwimSnapshot<NodeIdentity>> snapshot, out WatchedEvent next)
        {
            lock (_lock)
            {
                if (_mustResynchronize)
                {
                    // Nothing is queued until the resynchronization is read. Its snapshot is taken now, so it
                    // has all earlier events; those that follow may be in it already.
                    _mustResynchronize = false;
                    var now = snapshot();
                    next = new WatchedEvent(null, now);
                    return true;
                }

                return _queue.TryDequeue(out next);
            }
        }
    }
}
