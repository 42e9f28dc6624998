using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Swim.Host.Tests.Hosting;

/// <summary>When a member starts and stops, beside the other parts of a service.</summary>
public sealed class LifetimeTests
{
    /// <summary>Others send work to a member as soon as they know it, and until it has left.</summary>
    [Fact]
    public async Task A_member_starts_last_and_leaves_first()
    {
        var witness = new Witness();
        using var host = TestHost.Create(services =>
        {
            services.AddSwim(options => TestHost.Quicken(options));
            services.AddSingleton<IHostedService>(provider =>
            {
                witness.Cluster = provider.GetRequiredService<ISwimCluster>();
                return witness;
            });
        });
        await host.StartAsync(Deadline.Token);
        Assert.False(witness.CouldReadAtStart);

        // A snapshot that is taken later would hold that the member left, and no event would follow.
        await witness.Began.Within("the events begin");
        await host.StopAsync(Deadline.Token);
        Assert.Equal(ConnectionState.Defunct, witness.AtStop);
        await witness.Watching!.Within("the events end");
        Assert.Equal([null, SwimEventKind.Defunct], witness.Seen);
    }

    [Fact]
    public async Task Who_waits_for_a_member_that_never_starts_is_told()
    {
        var host = TestHost.Create((ISwimBuilder _) => { });
        var waiting = host.Cluster().WaitUntilActiveAsync(Deadline.Token);
        Assert.False(waiting.IsCompleted);
        var early = Assert.Throws<InvalidOperationException>(() => host.Cluster().Members);
        Assert.Contains("starts after", early.Message, StringComparison.Ordinal);
        await ((IAsyncDisposable)host).DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting).Within("it is told");
    }

    [Fact]
    public async Task A_port_that_is_taken_fails_the_start()
    {
        using var peer = new RawPeer();
        using var host = TestHost.Create(member =>
            member.Configure(options => options.Bind = peer.EndPoint.ToString())
        );
        await Assert.ThrowsAsync<SwimStartException>(() => host.StartAsync(Deadline.Token));
    }

    private sealed class Witness : IHostedService
    {
        private readonly TaskCompletionSource _began = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public ISwimCluster? Cluster { get; set; }

        public bool CouldReadAtStart { get; private set; } = true;

        public ConnectionState AtStop { get; private set; }

        /// <summary>The kinds of events; null for a resynchronization.</summary>
        public List<SwimEventKind?> Seen { get; } = [];

        public Task? Watching { get; private set; }

        /// <summary>Ends when the first of the events has come.</summary>
        public Task Began => _began.Task;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Watching = WatchAsync();

            try
            {
                _ = Cluster!.Members;
            }
            catch (InvalidOperationException)
            {
                CouldReadAtStart = false;
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            AtStop = Cluster!.ConnectionState;
            return Task.CompletedTask;
        }

        private async Task WatchAsync()
        {
            await foreach (var watched in Cluster!.WatchAsync(Deadline.Token))
            {
                Seen.Add(watched.Event?.Kind);
                _began.TrySetResult();
            }
        }
    }
}
