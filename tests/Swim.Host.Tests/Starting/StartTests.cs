using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Starting;

/// <summary>What keeps a node from starting is said at once, with what to change.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_port_that_is_taken(string address)
    {
        await using var cluster = new TestCluster();
        var bind = new IPEndPoint(IPAddress.Parse(address), 0);
        var first = cluster.Start(TestCluster.Options with { BindEndPoint = bind });

        var refused = Assert.Throws<SwimStartException>(() =>
            SwimNode.Start(TestCluster.Options with { BindEndPoint = first.LocalEndPoint })
        );

        Assert.Contains(first.LocalEndPoint.ToString(), refused.Message);
        Assert.Contains("the port is taken", refused.Message);
        Assert.Contains("BindEndPoint", refused.Message);
        Assert.IsType<SocketException>(refused.InnerException);
    }

    /// <summary>An address for documentation, which no machine has.</summary>
    [Fact]
    public void An_address_that_is_not_of_this_machine()
    {
        var bind = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 7946);

        var refused = Assert.Throws<SwimStartException>(() =>
            SwimNode.Start(TestCluster.Options with { BindEndPoint = bind })
        );

        Assert.Contains("192.0.2.1:7946", refused.Message);
        Assert.Contains("no such address", refused.Message);
        Assert.Contains("BindEndPoint", refused.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_seed_that_is_the_node_itself(bool byAdvertisedEndPoint)
    {
        var port = await Ports.TryAsync(port =>
        {
            var other = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 7946);
            var bind = new IPEndPoint(IPAddress.Loopback, port);
            var seed = byAdvertisedEndPoint ? other : bind;

            var refused = Assert.Throws<ArgumentException>(() =>
                SwimNode.Start(
                    TestCluster.Options with
                    {
                        BindEndPoint = bind,
                        AdvertiseEndPoint = byAdvertisedEndPoint ? other : null,
                        Seeds = [SeedAddress.Parse(seed.ToString())],
                    }
                )
            );

            Assert.Contains("Seeds", refused.Message);
            Assert.Contains(seed.ToString(), refused.Message);
            Assert.Contains("itself", refused.Message);
            return Task.CompletedTask;
        });

        // What failed to start holds on to nothing.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>Port 0 takes a free one, for the socket and in what others are told.</summary>
    [Theory]
    [InlineData(null, 0)]
    [InlineData("127.0.0.2", 0)]
    [InlineData("127.0.0.2", 7946)]
    public async Task The_identity_is_where_others_reach_the_node(string? advertised, int port)
    {
        await using var cluster = new TestCluster();

        var node = cluster.Start(
            TestCluster.Options with
            {
                AdvertiseEndPoint = advertised is null ? null : new(IPAddress.Parse(advertised), port),
            }
        );

        var expected = new IPEndPoint(
            IPAddress.Parse(advertised ?? "127.0.0.1"),
            port == 0 ? node.LocalEndPoint.Port : port
        );

        Assert.NotEqual(0, node.LocalEndPoint.Port);
        Assert.Equal(expected, node.Identity.EndPoint);
    }

    [Fact]
    public async Task A_node_alone_is_idle_and_knows_nobody()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        Assert.Equal(ConnectionState.Idle, node.ConnectionState);
        Assert.Empty(node.Members);
        Assert.False(node.WaitUntilActiveAsync(Deadline.Token).IsCompleted);
    }
}
