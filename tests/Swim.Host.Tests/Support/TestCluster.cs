using System.Net;

namespace Swim.Host.Tests.Support;

/// <summary>
/// Nodes on this machine that are stopped when the test ends, however it ends. A loop that failed fails the
/// test, and so does a node that cannot be stopped.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<SwimNode> _nodes = [];

    /// <summary>On a free port of the loopback address, with the quick configuration.</summary>
    public static SwimNodeOptions Options { get; } =
        new()
        {
            BindEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            Config = SwimConfig.Local(5),
            JoinRetryMin = TimeSpan.FromMilliseconds(100),
            JoinRetryMax = TimeSpan.FromSeconds(1),
        };

    /// <summary>
    /// One that takes far longer to declare a member down than any test waits, so that what is seen before was
    /// said by the member itself.
    /// </summary>
    public static SwimNodeOptions SlowToSuspect { get; } =
        Options with
        {
            Config = Options.Config with { SuspectToDownAfter = TimeSpan.FromMinutes(10) },
        };

    public TestLog Log { get; } = new();

    /// <summary>Starts a node that joins through others.</summary>
    public SwimNode Start(params SwimNode[] seeds) => Start(Options, seeds);

    public SwimNode Start(SwimNodeOptions options, params SwimNode[] seeds) =>
        Add(SwimNode.Start(Prepare(options, seeds)));

    public SwimNode Start<TKey>(
        SwimNodeOptions options,
        IBroadcastHandler<NodeIdentity, TKey> handler,
        params SwimNode[] seeds
    )
        where TKey : IInvalidates<TKey> => Add(SwimNode.Start(Prepare(options, seeds), handler));

    /// <summary>A cluster of that many members, where each knows all others.</summary>
    public async Task<SwimNode[]> FormAsync(int size, SwimNodeOptions? options = null)
    {
        var nodes = new List<SwimNode>();

        for (var index = 0; index < size; index++)
        {
            nodes.Add(Start(options ?? Options, [.. nodes.Take(1)]));
        }

        foreach (var node in nodes)
        {
            await node.SeesAsync(nodes.Where(other => other != node));
        }

        return [.. nodes];
    }

    public async ValueTask DisposeAsync()
    {
        // Only shown when the test fails.
        foreach (var node in _nodes)
        {
            var refused = string.Join(", ", node.Statistics.PacketsRefused);

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{node.Identity}: {node.ConnectionState}, {node.Statistics}, [{refused}]"
            );
        }

        foreach (var entry in Log.Entries())
        {
            TestContext.Current.TestOutputHelper?.WriteLine(entry.ToString());
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync().Within($"{node.Identity} is disposed");
        }

        foreach (var node in _nodes)
        {
            await node.Completion.Within($"{node.Identity} ends");
        }
    }

    private SwimNodeOptions Prepare(SwimNodeOptions options, SwimNode[] seeds) =>
        options with
        {
            LoggerFactory = Log,
            Seeds =
            [
                .. options.Seeds,
                .. seeds.Select(seed => SeedAddress.Parse(seed.Identity.EndPoint.ToString())),
            ],
        };

    private SwimNode Add(SwimNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
