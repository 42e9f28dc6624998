using System.Diagnostics;

namespace Swim.Host.Telemetry;

/// <summary>The spans of a node: how long joining and leaving took, and how they ended.</summary>
internal static class Tracing
{
    public const string SourceName = "Swim";

    private static readonly ActivitySource Source = new(SourceName, AttributeValues.Version);

    /// <summary>From the first time that seeds are asked until the cluster knows this node.</summary>
    public static Activity? StartJoin() => Source.StartActivity("swim.join");

    /// <summary>From the wish to leave until the word of it is sent.</summary>
    public static Activity? StartLeave() => Source.StartActivity("swim.leave");

    /// <summary>Ends a span as failed.</summary>
    public static void Fail(this Activity? activity, Exception exception) =>
        activity
            ?.SetStatus(ActivityStatusCode.Error, exception.Message)
            .SetTag("error.type", exception.GetType().FullName);
}
