using System.Net;

namespace Swim.Host.Tests.Events;

/// <summary>What a reader knows that believes the events alone.</summary>
internal sealed class Folding
{
    private readonly Dictionary<IPEndPoint, MemberRecord<NodeIdentity>> _records = [];

    public int Resynchronized { get; private set; }

    /// <summary>
    /// How many events did not begin with the record that the reader knew. Only after a resynchronization there are
    /// such ones: its snapshot may hold them already.
    /// </summary>
    public int Gaps { get; private set; }

    /// <summary>The records of all members, as told.</summary>
    public IEnumerable<MemberRecord<NodeIdentity>> Records => _records.Values;

    public void Add(WatchedEvent watched)
    {
        if (watched.Event is not { } occurred)
        {
            Resynchronized++;
            _records.Clear();

            foreach (var record in watched.Snapshot.MembershipState)
            {
                _records.Add(record.Identity.EndPoint, record);
            }
        }
        else if (occurred.IsAboutMember)
        {
            Apply(occurred);
        }
    }

    /// <summary>Reads until the stream ends.</summary>
    public async Task ReadAsync(IAsyncEnumerable<WatchedEvent> events)
    {
        await foreach (var watched in events)
        {
            Add(watched);
        }
    }

    /// <summary>Fails unless the reader knows exactly what the node knows.</summary>
    public void AssertKnows(SwimNode node)
    {
        var known = node.Snapshot.MembershipState.Select(record => record.ToString()).Order();
        Assert.Equal(known, Records.Select(record => record.ToString()).Order());
    }

    private void Apply(in SwimEvent<NodeIdentity> occurred)
    {
        var address = occurred.Identity.EndPoint;
        MemberRecord<NodeIdentity>? known = _records.TryGetValue(address, out var record) ? record : null;
        MemberRecord<NodeIdentity>? before = occurred.HasBefore ? occurred.Before : null;

        if (!known.Equals(before))
        {
            Gaps++;
        }

        if (occurred.HasAfter)
        {
            _records[address] = occurred.After;
        }
        else
        {
            _records.Remove(address);
        }
    }
}
