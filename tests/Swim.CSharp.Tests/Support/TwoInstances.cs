namespace Swim.CSharp.Tests.Support;

/// <summary>Two members on one network, the second of which may have joined through the first.</summary>
internal sealed class TwoInstances
{
    public TwoInstances(SwimConfig? config = null)
    {
        Cluster = new VirtualCluster<NodeIdentity>(NodeIdentityCodec.Instance);
        First = Cluster.Add(Nodes.At(1), config ?? SwimConfig.Simple());
        Second = Cluster.Add(Nodes.At(2), config ?? SwimConfig.Simple());
    }

    public VirtualCluster<NodeIdentity> Cluster { get; }

    public VirtualNode<NodeIdentity> First { get; }

    public VirtualNode<NodeIdentity> Second { get; }

    public static TwoInstances Joined(SwimConfig? config = null)
    {
        var two = new TwoInstances(config);
        two.Join();
        return two;
    }

    /// <summary>The second asks the first to be let in, knowing its address alone.</summary>
    public void Join()
    {
        var seed = NodeIdentity.Unknown(First.Instance.Identity.EndPoint);
        Cluster.Do(Second, (instance, runtime) => instance.Announce(seed, runtime));

        Cluster.RunUntil(
            () =>
                First.Instance.ConnectionState == ConnectionState.Active
                && Second.Instance.ConnectionState == ConnectionState.Active,
            "both are active",
            atMost: TimeSpan.FromMilliseconds(10)
        );
    }
}
