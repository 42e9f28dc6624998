using System.Diagnostics;

namespace Swim.Host.Tests.Telemetry;

/// <summary>Joining and leaving are spans.</summary>
public sealed class TracingTests
{
    [Fact]
    public async Task Joining_and_leaving_are_spans_of_whoever_asked_for_them()
    {
        using var asked = new ActivitySource("asked");
        using var spans = new Spans();
        using var request = asked.StartActivity("request")!;
        await using var cluster = new TestCluster();
        var node = cluster.Start(cluster.Start());
        await node.WaitUntilActiveAsync(Deadline.Token);
        await Deadline.UntilAsync(
            () => spans.Ended("swim.join", request) is not null,
            () => "the join is a span"
        );
        var join = spans.Ended("swim.join", request)!;
        Assert.Equal(ActivityStatusCode.Unset, join.Status);

        await node.LeaveAsync(Deadline.Token);
        Assert.Equal(ActivityStatusCode.Unset, spans.Ended("swim.leave", request)!.Status);
    }

    [Fact]
    public async Task A_join_that_never_came_to_pass_ends_as_an_error()
    {
        using var asked = new ActivitySource("asked");
        using var spans = new Spans();
        using var request = asked.StartActivity("request")!;

        var node = SwimNode.Start(TestCluster.Options with { Seeds = [SeedAddress.Parse("127.0.0.1:9")] });
        await node.DisposeAsync().Within("it stops");
        await Deadline.UntilAsync(
            () => spans.Ended("swim.join", request) is not null,
            () => "the join ended"
        );
        Assert.Equal(ActivityStatusCode.Error, spans.Ended("swim.join", request)!.Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.LeaveAsync(Deadline.Token));
        Assert.Equal(ActivityStatusCode.Error, spans.Ended("swim.leave", request)!.Status);
    }

    private sealed class Spans : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly List<Activity> _ended = [];
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "Swim" or "asked",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                    ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    lock (_lock)
                    {
                        _ended.Add(activity);
                    }
                },
            };

            ActivitySource.AddActivityListener(_listener);
        }

        public Activity? Ended(string name, Activity parent)
        {
            lock (_lock)
            {
                // The first node of a test has no seeds, so it joins no member.
                return _ended.LastOrDefault(span =>
                    span.OperationName == name && span.ParentSpanId == parent.SpanId
                );
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
