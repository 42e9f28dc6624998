namespace Swim.CSharp.Tests.Support;

/// <summary>
/// Instances on one network in memory. Its clock is a number that jumps to whatever is due next, so hours
/// pass in no time and every run is the same.
/// </summary>
internal sealed class VirtualCluster<TIdentity>(ICodec<TIdentity> codec)
    where TIdentity : IIdentity<TIdentity>
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    private readonly PriorityQueue<Action, Due> _agenda = new();
    private long _arranged;

    public TimeSpan Now { get; private set; }

    public List<VirtualNode<TIdentity>> Nodes { get; } = [];

    /// <summary>Whether the network delivers a packet; everything by default.</summary>
    public Func<VirtualNode<TIdentity>, VirtualNode<TIdentity>, bool> Delivers { get; set; } = (_, _) => true;

    public VirtualNode<TIdentity> Add(TIdentity identity, SwimConfig config) =>
        Add(new SwimInstance<TIdentity>(identity, config, codec, randomSeed: (ulong)Nodes.Count + 1));

    public VirtualNode<TIdentity> Add(SwimInstance<TIdentity> instance)
    {
        var node = new VirtualNode<TIdentity>(instance);
        Nodes.Add(node);
        return node;
    }

    /// <summary>A caller asks something of a node.</summary>
    public void Do(
        VirtualNode<TIdentity> node,
        Action<SwimInstance<TIdentity>, ISwimRuntime<TIdentity>> operation
    )
    {
        operation(node.Instance, node.Runtime);
        Collect(node);
    }

    /// <summary>Lets time pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Now + duration;
        RunUntil(() => false, end);
        Now = end;
    }

    /// <summary>Lets time pass until something holds; fails if it does not by then.</summary>
    public void RunUntil(Func<bool> holds, string what, TimeSpan atMost) =>
        Assert.True(RunUntil(holds, Now + atMost), $"not within {atMost}: {what}");

    /// <summary>The process stops: what is sent to it is lost, and its timers wait.</summary>
    public static void Freeze(VirtualNode<TIdentity> node) => node.IsFrozen = true;

    /// <summary>The process continues; the timers that are late are handled now, in their order.</summary>
    public void Thaw(VirtualNode<TIdentity> node)
    {
        node.IsFrozen = false;

        foreach (var timer in node.LateTimers)
        {
            Arrange(Now, timer, node);
        }

        node.LateTimers.Clear();
    }

    private bool RunUntil(Func<bool> holds, TimeSpan end)
    {
        while (!holds())
        {
            if (!_agenda.TryPeek(out var act, out var due) || due.At > end)
            {
                return false;
            }

            _agenda.Dequeue();
            Now = due.At;
            act();
        }

        return true;
    }

    private void Collect(VirtualNode<TIdentity> node)
    {
        while (node.Runtime.TryTakeEvent(out var occurred))
        {
            node.Events.Add((Now, occurred));
        }

        while (node.Runtime.TryTakeTimer(out var timer))
        {
            Arrange(Now + timer.After, timer.Timer, node);
        }

        while (node.Runtime.TryTakePacket(out var packet))
        {
            Assert.True(packet.Data.Length <= node.Instance.Config.MaxPacketSize);
            var to = Nodes.Find(other => other.Instance.Identity.HasSameAddress(packet.Destination));

            if (to is not null && Delivers(node, to))
            {
                var due = new Due(Now + Latency, IsTimer: false, default, _arranged++);
                _agenda.Enqueue(() => Deliver(packet.Data, to), due);
            }
        }
    }

    private void Deliver(ReadOnlyMemory<byte> packet, VirtualNode<TIdentity> to)
    {
        if (!to.IsFrozen)
        {
            to.Note(Now, to.Instance.HandleData(packet.Span, to.Runtime));
            Collect(to);
        }
    }

    private void Arrange(TimeSpan at, SwimTimer<TIdentity> timer, VirtualNode<TIdentity> node) =>
        _agenda.Enqueue(() => Fire(timer, node), new Due(at, IsTimer: true, timer, _arranged++));

    private void Fire(SwimTimer<TIdentity> timer, VirtualNode<TIdentity> node)
    {
        if (node.IsFrozen)
        {
            node.LateTimers.Add(timer);
        }
        else
        {
            node.Note(Now, node.Instance.HandleTimer(timer, node.Runtime));
            Collect(node);
        }
    }

    // What is due at the same time: packets, then timers in their own order, then as arranged.
    private readonly record struct Due(TimeSpan At, bool IsTimer, SwimTimer<TIdentity> Timer, long Arranged)
        : IComparable<Due>
    {
        public int CompareTo(Due other) =>
            (At, IsTimer, Timer, Arranged).CompareTo((other.At, other.IsTimer, other.Timer, other.Arranged));
    }
}
