using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Swim.Host.Tests.Hosting;

/// <summary>A service becomes a member by one line, as with everything else in .NET.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Services_join_when_they_start_and_leave_when_they_stop()
    {
        using var first = await TestHost.StartAsync();
        using var second = await TestHost.StartAsync(first.Cluster());
        await first.Cluster().SeesAsync(1);
        await second.Cluster().WaitUntilActiveAsync(Deadline.Token);

        await using var events = first
            .Cluster()
            .WatchAsync(Deadline.Token)
            .GetAsyncEnumerator(Deadline.Token);
        await events.ResynchronizedAsync();
        var other = second.Cluster().Identity;
        await second.StopAsync(Deadline.Token).Within("the second stops");
        var (left, _) = await events.UntilAsync(SwimEventKind.MemberDown);
        Assert.Equal(other, left.Identity);

        // It said so itself: no probe had to fail.
        Assert.Equal(0, first.Cluster().Statistics.ProbesFailed);
        await first.StopAsync(Deadline.Token).Within("the first stops");
    }

    [Fact]
    public async Task Options_come_from_configuration_and_code_has_the_last_word()
    {
        var configuration = TestHost.Configuration(
            ("Swim:Bind", "127.0.0.1:0"),
            ("Swim:Preset", "Wan"),
            ("Swim:ClusterSize", "40"),
            ("Swim:Seeds:0", "127.0.0.1:9"),
            ("Swim:Seeds:1", "seed.example.org:7946"),
            ("Swim:JoinRetryMax", "00:00:05"),
            ("Swim:MinimumMembers", "3")
        );
        SwimNodeOptions? seen = null;
        using var host = TestHost.Create(services =>
            services
                .AddSwim(options =>
                    options.ConfigureNode = node =>
                    {
                        seen = node;
                        return node with { Seeds = [], LeaveOnDispose = false };
                    }
                )
                .Bind(configuration.GetSection(SwimOptions.SectionName))
                .Configure(options => options.ClusterSize = 50)
        );
        await host.StartAsync(Deadline.Token);
        Assert.Equal(SwimConfig.Wan(50), seen!.Config);
        Assert.Equal(["127.0.0.1:9", "seed.example.org:7946"], seen.Seeds.Select(seed => seed.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(5), seen.JoinRetryMax);
        Assert.Equal(3, host.Services.GetRequiredService<IOptions<SwimOptions>>().Value.MinimumMembers);
        await host.StopAsync(Deadline.Token);
    }

    [Theory]
    [InlineData("Bind", "7946")]
    [InlineData("Bind", "nonsense")]
    [InlineData("Advertise", "0.0.0.0:1")]
    [InlineData("Seeds:0", "nonsense")]
    [InlineData("SeedsFile", "/no/such/folder/seeds")]
    [InlineData("MembersFile", "/no/such/folder/members")]
    [InlineData("ClusterSize", "0")]
    [InlineData("MinimumMembers", "0")]
    [InlineData("JoinTimeout", "00:00:00")]
    [InlineData("JoinRetryMax", "00:00:00")]
    [InlineData("SeedRefreshPeriod", "00:00:00")]
    [InlineData("LeaveTimeout", "2.00:00:00")]
    [InlineData("RecordingMaxBytes", "1")]
    public async Task What_cannot_be_used_fails_the_start_and_is_named(string field, string value)
    {
        using var host = TestHost.Create(services =>
            services.AddSwim("blue").Bind(TestHost.Configuration((field, value)))
        );
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(Deadline.Token)
        );
        var name = field.Split(':')[0] switch
        {
            "MembersFile" => "MembersPath",
            var other => other,
        };
        Assert.StartsWith($"Swim 'blue': {name}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_any_address_needs_another_to_be_known_by()
    {
        using var host = TestHost.Create(services => services.AddSwim(options => options.Bind = "0.0.0.0:0"));
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(Deadline.Token)
        );
        Assert.Contains("AdvertiseEndPoint must be set", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_service_can_be_in_several_clusters()
    {
        using var blue = new Collected("blue");
        using var others = await TestHost.StartAsync();
        using var host = TestHost.Create(services =>
        {
            services.AddSingleton<IMeterFactory>(blue);
            services.AddSwim("blue").Configure(options => TestHost.Quicken(options, others.Cluster()));
            services.AddSwim("green").Configure(options => TestHost.Quicken(options));
        });
        await host.StartAsync(Deadline.Token);
        await host.Services.GetRequiredKeyedService<ISwimCluster>("blue").SeesAsync(1);
        Assert.Empty(host.Services.GetRequiredKeyedService<ISwimCluster>("green").Members);
        Assert.Null(host.Services.GetService<ISwimCluster>());
        Assert.Equal(1, blue.Of("swim.members", ("swim.member.status", "alive")));
        await host.StopAsync(Deadline.Token);
        await others.StopAsync(Deadline.Token);
    }

    [Fact]
    public async Task Asked_for_twice_it_is_still_one_member()
    {
        using var host = TestHost.Create(services =>
        {
            services.AddSwim();
            services.AddSwim(options => TestHost.Quicken(options));
        });
        await host.StartAsync(Deadline.Token);
        Assert.Single(host.Services.GetServices<ISwimCluster>());
        Assert.Single(host.Services.GetServices<IHostedService>());
        await host.StopAsync(Deadline.Token);
    }

    [Fact]
    public async Task Who_is_not_let_in_within_the_limit_fails_the_start()
    {
        using var silent = new RawPeer();
        using var host = TestHost.Create(member =>
            member.Configure(options =>
            {
                options.Seeds.Add(silent.Seed.ToString());
                options.JoinTimeout = TimeSpan.FromMilliseconds(300);
            })
        );
        var failed = await Assert.ThrowsAsync<SwimStartException>(() => host.StartAsync(Deadline.Token));
        Assert.Contains("within JoinTimeout", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broadcasts_reach_the_handler_of_the_other_service()
    {
        var store = new Store();
        using var first = TestHost.Create(member => member.AddBroadcastHandler<EntryKey>(_ => store));
        await first.StartAsync(Deadline.Token);
        using var second = TestHost.Create(
            member => member.AddBroadcastHandler<EntryKey>(_ => new Store()),
            first.Cluster()
        );
        await second.StartAsync(Deadline.Token);
        await second.Cluster().WaitUntilActiveAsync(Deadline.Token);
        Assert.True(await second.Cluster().BroadcastAsync(Store.Item(1, 1, 42), Deadline.Token));
        Assert.Equal([42], await store.Arrival(1, 1).Within("the item arrives"));
        await second.StopAsync(Deadline.Token);
        await first.StopAsync(Deadline.Token);
    }
}
