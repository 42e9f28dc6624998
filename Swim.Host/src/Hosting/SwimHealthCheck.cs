using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Swim.Host;

/// <summary>The health of a member, by its connection (R4.1) and the number of active members.</summary>
internal sealed class SwimHealthCheck(SwimService service, int minimumMembers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (service.Running is not { } node)
        {
            return new HealthCheckResult(failure, "not started, or stopped");
        }

        var snapshot = node.Snapshot;
        var count = snapshot.Members.Count + 1;

        var data = new Dictionary<string, object>
        {
            ["connection"] = snapshot.ConnectionState.ToString(),
            ["members"] = count,
            ["minimum_members"] = minimumMembers,
        };

        if (node.Completion.IsFaulted)
        {
            return new HealthCheckResult(failure, "failed", node.Completion.Exception, data);
        }

        return snapshot.ConnectionState switch
        {
            ConnectionState.Defunct when snapshot.HasLeft => new(failure, "left the cluster", null, data),
            ConnectionState.Defunct => new(failure, "declared down by the cluster", null, data),
            _ when count < minimumMembers => HealthCheckResult.Degraded(
                Text($"{count} of at least {minimumMembers} members"),
                data: data
            ),
            _ => HealthCheckResult.Healthy(count == 1 ? "1 member" : Text($"{count} members"), data),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
