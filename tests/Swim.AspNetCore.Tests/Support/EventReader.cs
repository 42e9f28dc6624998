using System.Text.Json;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>Reads server-sent events.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage response, StreamReader reader) =>
        (_response, _reader) = (response, reader);

    public static async Task<EventReader> OpenAsync(DashboardServer server)
    {
        var response = await server
            .Client.GetAsync("stream", HttpCompletionOption.ResponseHeadersRead, Deadline.Token)
            .Within("the events begin");
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(
            response,
            new StreamReader(await response.Content.ReadAsStreamAsync(Deadline.Token))
        );
    }

    /// <summary>The next event, or null at the end.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        var name = await ReadLineAsync();

        if (name is null)
        {
            return null;
        }

        var data = await ReadLineAsync();
        Assert.StartsWith("event: ", name);
        Assert.StartsWith("data: ", data);
        Assert.Equal("", await ReadLineAsync());
        using var json = JsonDocument.Parse(data!["data: ".Length..]);
        return (name["event: ".Length..], json.RootElement.Clone());
    }

    /// <summary>Reads on until an event satisfies the condition.</summary>
    public async Task<JsonElement> UntilAsync(string what, Func<string, JsonElement, bool> holds)
    {
        return await ReadAsync().Within(what);

        async Task<JsonElement> ReadAsync()
        {
            while (await NextAsync() is { } next)
            {
                if (holds(next.Name, next.Data))
                {
                    return next.Data;
                }
            }

            throw new InvalidOperationException($"the events ended before {what}");
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private Task<string?> ReadLineAsync() =>
        _reader.ReadLineAsync(Deadline.Token).AsTask().Within("another line comes");
}
