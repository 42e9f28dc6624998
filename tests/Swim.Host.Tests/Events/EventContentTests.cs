using System.Net;
using Microsoft.Extensions.Logging;

namespace Swim.Host.Tests.Events;

/// <summary>Each change of a record is one event, with the record before and after and the cause.</summary>
public sealed class EventContentTests : IAsyncLifetime
{
    // Only the test makes anything happen.
    private readonly SteppedClock _clock = new();
    private readonly TestCluster _cluster = new();
    private readonly RawPeer _peer = new();
    private readonly SwimNode _node;
    private readonly IAsyncEnumerator<WatchedEvent> _events;

    public EventContentTests()
    {
        _node = _cluster.Start(TestCluster.Options with { TimeProvider = _clock });
        _events = _node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
    }

    /// <summary>The peer is known, and so is the node.</summary>
    public async ValueTask InitializeAsync()
    {
        await _events.ResynchronizedAsync();
        await _peer.AnnounceAsync(_node);
        await AssertNextAsync(SwimEventKind.MemberUp, null, Peer(0), ChangeCause.Gossip);
        Assert.Equal(SwimEventKind.Active, (await _events.NextEventAsync()).Kind);
        await _clock.AlarmSetAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _peer.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_probe_and_the_answer_to_it_are_a_suspicion_and_a_refutation()
    {
        await StepUntilAsync(MemberStatus.Suspect);
        await AssertNextAsync(
            SwimEventKind.MemberSuspected,
            Peer(0),
            Peer(0, MemberStatus.Suspect),
            ChangeCause.Probe
        );

        _peer.Refute(_node, incarnation: 1);
        await AssertNextAsync(
            SwimEventKind.MemberRefuted,
            Peer(0, MemberStatus.Suspect),
            Peer(1),
            ChangeCause.Refutation
        );
        AssertLogged(TestLog.Suspected, LogLevel.Information, $"Member suspected: {_peer.Identity} (Probe)");
        AssertLogged(TestLog.Refuted, LogLevel.Information, $"Member refuted: {_peer.Identity} is alive");
    }

    [Fact]
    public async Task A_suspicion_that_expires_is_a_member_down_by_a_timer_that_is_forgotten_later()
    {
        await StepUntilAsync(MemberStatus.Down);
        await AssertNextAsync(
            SwimEventKind.MemberSuspected,
            Peer(0),
            Peer(0, MemberStatus.Suspect),
            ChangeCause.Probe
        );
        await AssertNextAsync(
            SwimEventKind.MemberDown,
            Peer(0, MemberStatus.Suspect),
            Peer(0, MemberStatus.Down),
            ChangeCause.Timer
        );
        Assert.Equal(SwimEventKind.Idle, (await _events.NextEventAsync()).Kind);

        while (_node.Snapshot.MembershipState.Count > 0)
        {
            await _clock.StepAsync();
        }

        await AssertNextAsync(
            SwimEventKind.MemberForgotten,
            Peer(0, MemberStatus.Down),
            null,
            ChangeCause.Timer
        );
        AssertLogged(TestLog.Forgotten, LogLevel.Debug, $"Member forgotten: {_peer.Identity}");
    }

    /// <summary>The life of a member as others tell it, one packet for each change.</summary>
    [Fact]
    public async Task What_others_say_of_a_member_is_one_event_for_each_change_of_its_record()
    {
        var (suspect, down) = (MemberStatus.Suspect, MemberStatus.Down);

        (SwimEventKind Kind, MemberRecord<NodeIdentity> After, ChangeCause Cause)[] life =
        [
            (SwimEventKind.MemberUp, Other(1, 0), ChangeCause.Gossip),
            (SwimEventKind.MemberSuspected, Other(1, 0, suspect), ChangeCause.Gossip),
            (SwimEventKind.MemberUpdated, Other(1, 2, suspect), ChangeCause.Gossip),
            (SwimEventKind.MemberRefuted, Other(1, 3), ChangeCause.Refutation),
            (SwimEventKind.MemberUpdated, Other(1, 4), ChangeCause.Gossip),
            (SwimEventKind.MemberRenamed, Other(2, 0), ChangeCause.IdentityChange),
            (SwimEventKind.MemberDown, Other(2, 0, down), ChangeCause.Gossip),
            (SwimEventKind.MemberRenamed, Other(3, 0, down), ChangeCause.IdentityChange),
            (SwimEventKind.MemberUp, Other(4, 0), ChangeCause.IdentityChange),
        ];

        MemberRecord<NodeIdentity>? before = null;

        foreach (var (kind, after, cause) in life)
        {
            _peer.Gossip(_node, after);
            await AssertNextAsync(kind, before, after, cause);
            before = after;
        }

        AssertLogged(
            TestLog.Suspected,
            LogLevel.Information,
            $"Member suspected: {Other(1, 0).Identity} (Gossip)"
        );
        Assert.Equal(
            [$"Member updated: {Other(1, 2, suspect)}", $"Member updated: {Other(1, 4)}"],
            _cluster.Log.Entries(TestLog.Updated).Select(entry => entry.Message)
        );
    }

    [Fact]
    public async Task A_node_that_is_suspected_and_then_declared_down_reports_its_own_record_before_and_after()
    {
        var identity = _node.Identity;
        _peer.Gossip(_node, new MemberRecord<NodeIdentity>(identity, 0, MemberStatus.Suspect, null));
        await AssertNextAsync(
            SwimEventKind.SelfRefuted,
            new(identity, 0, MemberStatus.Alive, null),
            new(identity, 1, MemberStatus.Alive, null),
            ChangeCause.Refutation
        );
        AssertLogged(
            TestLog.SelfRefuted,
            LogLevel.Warning,
            $"{identity} was suspected or declared down, and refuted"
        );

        _peer.Gossip(_node, new MemberRecord<NodeIdentity>(identity, 0, MemberStatus.Down, null));
        var (rejoined, _) = await _events.UntilAsync(SwimEventKind.Rejoined);
        Assert.Equal(new(identity, 1, MemberStatus.Alive, null), rejoined.Before);
        Assert.Equal(new(_node.Identity, 0, MemberStatus.Alive, null), rejoined.After);
        Assert.Equal(identity.Generation + 1, _node.Identity.Generation);
        Assert.Equal(ChangeCause.IdentityChange, rejoined.Cause);
    }

    private async Task StepUntilAsync(MemberStatus status)
    {
        while (_node.Snapshot.RecordOf(_peer.Identity).Status != status)
        {
            await _clock.StepAsync();
        }
    }

    private async Task AssertNextAsync(
        SwimEventKind kind,
        MemberRecord<NodeIdentity>? before,
        MemberRecord<NodeIdentity>? after,
        ChangeCause cause
    )
    {
        var occurred = await _events.NextEventAsync();
        Assert.Equal(
            (kind, before, after, cause),
            (
                occurred.Kind,
                occurred.HasBefore ? occurred.Before : (MemberRecord<NodeIdentity>?)null,
                occurred.HasAfter ? occurred.After : (MemberRecord<NodeIdentity>?)null,
                occurred.Cause
            )
        );
    }

    private void AssertLogged(int id, LogLevel level, string message)
    {
        var entry = Assert.Single(_cluster.Log.Entries(id));
        Assert.Equal((level, message), (entry.Level, entry.Message));
    }

    private MemberRecord<NodeIdentity> Peer(ushort incarnation, MemberStatus status = MemberStatus.Alive) =>
        new(_peer.Identity, incarnation, status, null);

    // No such member exists: the clock stands still, so nothing is ever sent to it.
    private static MemberRecord<NodeIdentity> Other(
        ulong generation,
        ushort incarnation,
        MemberStatus status = MemberStatus.Alive
    ) => new(new NodeIdentity(new IPEndPoint(IPAddress.Loopback, 9), generation), incarnation, status, null);
}
