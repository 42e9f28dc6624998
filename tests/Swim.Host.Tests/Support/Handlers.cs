using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Swim.Host.Tests.Support;

/// <summary>The name of an entry and its version: a newer version makes the older ones worthless.</summary>
internal sealed record EntryKey(byte Name, int Version) : IInvalidates<EntryKey>
{
    public bool Invalidates(EntryKey other) => Name == other.Name && Version >= other.Version;
}

/// <summary>
/// A versioned key-value store, as a user of custom broadcasts would write one. An item is a name of one byte,
/// a version of four, and a value.
/// </summary>
internal sealed class Store : IBroadcastHandler<NodeIdentity, EntryKey>
{
    private readonly Dictionary<byte, int> _versions = [];
    private readonly ConcurrentDictionary<EntryKey, TaskCompletionSource<byte[]>> _arrivals = new();
    private int _staleCount;

    public int StaleCount => Volatile.Read(ref _staleCount);

    public static byte[] Item(byte name, int version, params ReadOnlySpan<byte> value)
    {
        var item = new byte[5 + value.Length];
        item[0] = name;
        BinaryPrimitives.WriteInt32BigEndian(item.AsSpan(1), version);
        value.CopyTo(item.AsSpan(5));
        return item;
    }

    /// <summary>Ends with the value when that version is taken in.</summary>
    public Task<byte[]> Arrival(byte name, int version) => Arrived(new EntryKey(name, version)).Task;

    public BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        NodeIdentity sender,
        [MaybeNull] out EntryKey key
    )
    {
        key = null;

        if (data.Length < 5)
        {
            return BroadcastVerdict.Invalid;
        }

        var entry = new EntryKey(data[0], BinaryPrimitives.ReadInt32BigEndian(data[1..]));

        if (_versions.TryGetValue(entry.Name, out var known) && known >= entry.Version)
        {
            Interlocked.Increment(ref _staleCount);
            return BroadcastVerdict.Stale;
        }

        _versions[entry.Name] = entry.Version;
        Arrived(entry).TrySetResult(data[5..].ToArray());
        key = entry;
        return BroadcastVerdict.Fresh;
    }

    private TaskCompletionSource<byte[]> Arrived(EntryKey entry) =>
        _arrivals.GetOrAdd(entry, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Holds up the loop of its node: whatever is offered waits until the gate opens.</summary>
internal sealed class Gate : IBroadcastHandler<NodeIdentity, EntryKey>, IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the loop stands at the gate.</summary>
    public Task Entered => _entered.Task;

    /// <summary>What becomes of items.</summary>
    public BroadcastVerdict Verdict { get; set; } = BroadcastVerdict.Fresh;

    /// <summary>Called whenever a packet is about to take items along; may throw.</summary>
    public Action OnFilter { get; set; } = () => { };

    public BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        NodeIdentity sender,
        [MaybeNull] out EntryKey key
    )
    {
        key = new EntryKey(data[0], 1);
        _entered.TrySetResult();
        Assert.True(_open.Wait(Deadline.Generous), "the gate was never opened");
        return Verdict;
    }

    public bool ShouldAddBroadcastData(NodeIdentity member)
    {
        OnFilter();
        return true;
    }

    public void Open() => _open.Set();

    public void Dispose() => Open();
}
