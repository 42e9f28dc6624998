using System.Diagnostics;

namespace Swim.Host.Telemetry;

/// <summary>The spans of a node, for joining and leaving.</summary>
internal static class Tracing
{
    public const string SourceName = "Swim";

    private static readonly ActivitySource Source = new(SourceName, AttributeValues.Version);

    /// <summary>Lasts from the start of the node until an active member is known for the first time.</summary>
    public static Activity? StartJoin() => Source.StartActivity("swim.join");

    /// <summary>Lasts from the request to leave until the farewell is sent.</summary>
    public static Activity? StartLeave() => Source.StartActivity("swim.leave");

    /// <summary>Ends a span as failed.</summary>
    public static void Fail(this Activity? activity, Exception exception) =>
        activity
            ?.SetStatus(ActivityStatusCode.Error, exception.Message)
            .SetTag("error.type", exception.GetType().FullName);
}
