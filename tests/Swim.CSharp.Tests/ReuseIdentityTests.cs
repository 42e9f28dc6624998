namespace Swim.CSharp.Tests;

/// <summary>foca's <c>reuse_down_identity</c> (R6.3, R12.5).</summary>
public sealed class ReuseIdentityTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);
    private static readonly NodeIdentity Last = Nodes.At(1, ulong.MaxValue);

    [Fact]
    public void A_member_that_is_not_defunct_is_refused()
    {
        var driver = new Driver();
        AssertNotUndead(driver);
        driver.Knowing(Nodes.Alive(Peer));
        AssertNotUndead(driver);
        Assert.Equal(Driver.Self, driver.Instance.Identity);
        Assert.Equal(0, driver.Runtime.Backlog);
    }

    [Fact]
    public void A_reused_identity_is_renewed_if_it_can_be()
    {
        var driver = new Driver().Knowing(Nodes.Alive(Peer));
        driver.Instance.LeaveCluster(driver.Runtime);
        driver.Forget();

        driver.Instance.ReuseDownIdentity(driver.Runtime);

        var next = Nodes.At(1, generation: 2);
        Assert.Equal(next, driver.Instance.Identity);

        var occurred = Assert.Single(driver.Events(), occurred => occurred.Kind == SwimEventKind.Rejoined);

        Assert.Equal(next, occurred.Identity);
        Assert.False(driver.Instance.Snapshot.HasLeft);
    }

    [Fact]
    public void A_reused_identity_that_cannot_renew_is_kept_and_its_down_update_withdrawn()
    {
        var driver = new Driver(identity: Last).Knowing(Nodes.Alive(Peer));
        driver.Instance.LeaveCluster(driver.Runtime);
        Assert.Equal(1, driver.Instance.UpdatesBacklog);
        driver.Forget();

        driver.Instance.ReuseDownIdentity(driver.Runtime);

        Assert.Equal(Last, driver.Instance.Identity);
        Assert.Equal(0, driver.Instance.UpdatesBacklog);
        Assert.NotEqual(ConnectionState.Defunct, driver.Instance.ConnectionState);
        Assert.DoesNotContain(driver.Events(), occurred => occurred.Kind == SwimEventKind.Rejoined);
        AssertNotUndead(driver);
    }

    [Fact]
    public void After_leaving_one_can_join_again()
    {
        var two = TwoInstances.Joined();
        two.Cluster.Do(two.Second, (instance, runtime) => instance.LeaveCluster(runtime));
        two.Cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(two.First.Sees(Nodes.At(2), MemberStatus.Down));

        two.Cluster.Do(two.Second, (instance, runtime) => instance.ReuseDownIdentity(runtime));
        two.Join();

        Assert.True(two.First.Sees(Nodes.At(2, generation: 2), MemberStatus.Alive));
        Assert.True(two.Second.Sees(Nodes.At(1), MemberStatus.Alive));
        two.Cluster.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(1, two.First.Instance.MemberCount);
        Assert.Equal(1, two.Second.Instance.MemberCount);
    }

    /// <summary>foca's advice for identities that do not renew: wait until others have forgotten.</summary>
    [Fact]
    public void The_same_identity_is_accepted_once_others_forgot_it()
    {
        var config = SwimConfig.Simple() with { RemoveDownAfter = TimeSpan.FromSeconds(30) };
        var cluster = new VirtualCluster<NodeIdentity>(NodeIdentityCodec.Instance);
        var first = cluster.Add(Nodes.At(2), config);
        var second = cluster.Add(Last, config);
        cluster.Do(second, (instance, runtime) => instance.Announce(Peer, runtime));
        cluster.RunFor(TimeSpan.FromSeconds(5));
        cluster.Do(second, (instance, runtime) => instance.LeaveCluster(runtime));
        cluster.RunFor(TimeSpan.FromSeconds(29));

        cluster.Do(second, (instance, runtime) => instance.ReuseDownIdentity(runtime));
        cluster.Do(second, (instance, runtime) => instance.Announce(Peer, runtime));
        cluster.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.True(first.Sees(Last, MemberStatus.Down));

        cluster.RunFor(TimeSpan.FromSeconds(2));
        cluster.Do(second, (instance, runtime) => instance.Announce(Peer, runtime));
        cluster.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.True(first.Sees(Last, MemberStatus.Alive));
    }

    private static void AssertNotUndead(Driver driver)
    {
        var exception = Assert.Throws<SwimException>(() => driver.Instance.ReuseDownIdentity(driver.Runtime));

        Assert.Equal(SwimError.NotUndead, exception.Error);
    }
}
