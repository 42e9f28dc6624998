using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Swim.Host.Tests.Hosting;

/// <summary>What a service's health says of its place in the cluster.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Health_follows_the_life_of_a_member()
    {
        using var first = await TestHost.StartAsync();
        using var host = TestHost.Create(services =>
        {
            services
                .AddSwim(options => TestHost.Quicken(options, first.Cluster()))
                .Configure(options => options.MinimumMembers = 3);
            services.AddHealthChecks().AddSwim();
        });

        await IsAsync(host, HealthStatus.Unhealthy, "not started, or stopped");
        await host.StartAsync(Deadline.Token);
        await host.Cluster().SeesAsync(1);
        await IsAsync(host, HealthStatus.Degraded, "2 of at least 3 members");

        using var third = await TestHost.StartAsync(first.Cluster());
        await host.Cluster().SeesAsync(2);
        var report = await IsAsync(host, HealthStatus.Healthy, "3 members");
        Assert.Equal(3, report.Data["members"]);
        Assert.Equal("Active", report.Data["connection"]);

        await host.Cluster().LeaveAsync(Deadline.Token);
        await IsAsync(host, HealthStatus.Unhealthy, "left the cluster");
        await host.StopAsync(Deadline.Token);
        await IsAsync(host, HealthStatus.Unhealthy, "not started, or stopped");
        await third.StopAsync(Deadline.Token);
        await first.StopAsync(Deadline.Token);
    }

    [Fact]
    public async Task The_only_member_is_healthy_if_one_is_enough()
    {
        using var host = TestHost.Create(services =>
        {
            services.AddSwim("blue").Configure(options => TestHost.Quicken(options));
            services.AddHealthChecks().AddSwim("blue", tags: ["ready"]);
        });
        await host.StartAsync(Deadline.Token);
        await IsAsync(host, HealthStatus.Healthy, "1 member", "swim-blue");
        await host.StopAsync(Deadline.Token);
    }

    private static async Task<HealthReportEntry> IsAsync(
        IHost host,
        HealthStatus status,
        string description,
        string check = "swim"
    )
    {
        var report = await host
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(Deadline.Token);
        var entry = report.Entries[check];
        Assert.Equal((status, description), (entry.Status, entry.Description));
        return entry;
    }
}
