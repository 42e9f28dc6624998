namespace Swim.TestKit;

/// <summary>
/// Waiting for something with an end: what does not come in time fails and says what it was. The time
/// is generous, for a loaded machine; tests that assert a bound measure it themselves.
/// </summary>
public static class Deadline
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    /// <summary>Cancelled when the test run is.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<T> Within<T>(this Task<T> task, string what, TimeSpan? atMost = null)
    {
        await ((Task)task).Within(what, atMost);
        return await task;
    }

    public static async Task Within(this Task task, string what, TimeSpan? atMost = null)
    {
        var limit = atMost ?? Generous;

        try
        {
            await task.WaitAsync(limit, Token);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"not within {limit.TotalSeconds} s: {what}");
        }
    }

    public static Task Within(this ValueTask task, string what, TimeSpan? atMost = null) =>
        task.AsTask().Within(what, atMost);

    /// <summary>
    /// Waits for figures without events, such as counters: reads them repeatedly. Whatever tells
    /// of itself is waited for by that instead.
    /// </summary>
    public static async Task UntilAsync(Func<bool> holds, Func<string> what, TimeSpan? atMost = null)
    {
        var limit = atMost ?? Generous;
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(limit);

        try
        {
            while (!holds())
            {
                await glance.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Assert.Fail($"not within {limit.TotalSeconds} s: {what()}");
        }
    }
}
