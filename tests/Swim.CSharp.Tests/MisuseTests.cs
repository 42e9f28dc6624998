namespace Swim.CSharp.Tests;

/// <summary>
/// What a caller gets wrong throws, names the argument, and changes nothing. The default of a struct is no identity:
/// a packet with it in it would be refused by everyone.
/// </summary>
public sealed class MisuseTests
{
    private static readonly NamedIdentity Alice = new("alice", 1);

    private readonly SwimInstance<NamedIdentity> _named = new(
        Alice,
        SwimConfig.Simple(),
        NamedCodec.Instance,
        randomSeed: 1
    );

    private readonly AccumulatingRuntime<NamedIdentity> _runtime = new();

    [Fact]
    public void A_missing_identity_or_list_is_named()
    {
        AssertNames<ArgumentNullException>("destination", () => _named.Announce(null!, _runtime));
        AssertNames<ArgumentNullException>("identity", () => _named.ChangeIdentity(null!, _runtime));
        AssertNames<ArgumentNullException>("members", () => _named.ApplyMany(null!, true, _runtime));
        AssertNames<ArgumentException>("member", () => _named.ApplyMany([default], true, _runtime));
    }

    [Fact]
    public void A_missing_runtime_is_named_by_every_operation()
    {
        Action[] operations =
        [
            () => _named.Announce(Alice, null!),
            () => _named.Gossip(null!),
            () => _named.Broadcast(null!),
            () => _named.LeaveCluster(null!),
            () => _named.ChangeIdentity(Alice with { Life = 2 }, null!),
            () => _named.ReuseDownIdentity(null!),
            () => _named.ApplyMany([], true, null!),
        ];

        Assert.All(operations, operation => AssertNames<ArgumentNullException>("runtime", operation));
        Assert.Equal(ConnectionState.Idle, _named.ConnectionState);
        Assert.Equal(Alice, _named.Identity);
    }

    [Fact]
    public void The_default_identity_is_refused_as_our_own()
    {
        var driver = new Driver();
        AssertNames<ArgumentException>("identity", () => _ = new Driver(identity: default(NodeIdentity)));
        AssertNames<ArgumentException>(
            "identity",
            () => driver.Instance.ChangeIdentity(default, driver.Runtime)
        );
        Assert.Equal(Driver.Self, driver.Instance.Identity);
    }

    [Fact]
    public void The_default_identity_is_refused_as_a_destination()
    {
        var driver = new Driver();
        AssertNames<ArgumentException>(
            "destination",
            () => driver.Instance.Announce(default, driver.Runtime)
        );
        Assert.Equal(0, driver.Runtime.Backlog);
    }

    [Fact]
    public void A_record_of_the_default_identity_is_refused()
    {
        var driver = new Driver();
        var left = new MemberRecord<NodeIdentity>[2];
        left[0] = Nodes.Alive(Nodes.At(2));

        AssertNames<ArgumentException>(
            "member",
            () => driver.Instance.ApplyMany(left, disseminate: true, driver.Runtime)
        );

        Assert.Empty(driver.Instance.MembershipState);
    }

    private static void AssertNames<TException>(string parameter, Action operation)
        where TException : ArgumentException =>
        Assert.Equal(parameter, Assert.Throws<TException>(operation).ParamName);
}
