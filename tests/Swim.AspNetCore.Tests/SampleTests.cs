using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Swim.AspNetCore.Tests;

/// <summary>The samples do what the documents say of them.</summary>
[Collection(nameof(Alone))]
public sealed class SampleTests
{
    [Fact]
    public async Task Members_on_another_transport_find_each_other_and_notice_who_is_gone()
    {
        await using var sample = new SampleProcess("CustomTransport");
        await sample.LineAsync("=> all know each other");
        await sample.LineAsync("=> the crash is detected");
        await sample.LineAsync("=> the first is alone");
        await sample.EndsAsync();
    }

    [Fact]
    public async Task Services_list_their_peers_and_notice_who_is_killed()
    {
        await using var first = new SampleProcess("PeerList", Arguments());
        using var firstClient = await ClientAsync(first);
        var seed = await EndPointAsync(firstClient);

        await using var second = new SampleProcess("PeerList", [.. Arguments(), $"--Swim:Seeds:0={seed}"]);
        using var secondClient = await ClientAsync(second);
        var other = await EndPointAsync(secondClient);

        await PeersAsync(firstClient, other);
        await PeersAsync(secondClient, seed);
        Assert.Equal("Healthy", await firstClient.GetStringAsync("/health", Deadline.Token));
        Assert.Contains(
            "<html",
            await firstClient.GetStringAsync("/swim", Deadline.Token),
            StringComparison.Ordinal
        );

        await second.KillAsync();
        await PeersAsync(firstClient);
        using var health = await firstClient.GetAsync("/health", Deadline.Token);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private static IEnumerable<string> Arguments() =>
        ["--Urls=http://127.0.0.1:0", "--Swim:Bind=127.0.0.1:0", "--Swim:Preset=Local"];

    private static async Task<HttpClient> ClientAsync(SampleProcess sample)
    {
        const string Listening = "Now listening on: ";
        var line = await sample.LineAsync(Listening);
        var address = line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..];
        await sample.LineAsync("Application started");
        return new HttpClient { BaseAddress = new Uri(address) };
    }

    private static async Task<string> EndPointAsync(HttpClient client)
    {
        var status = await client.GetFromJsonAsync<JsonElement>("/swim/status", Deadline.Token);
        return status.GetProperty("endpoint").GetString()!;
    }

    private static async Task PeersAsync(HttpClient client, params string[] expected)
    {
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        deadline.CancelAfter(Deadline.Generous);
        string[] peers = [];

        try
        {
            do
            {
                peers = (await client.GetFromJsonAsync<string[]>("/peers", deadline.Token))!;
            } while (!expected.SequenceEqual(peers) && await glance.WaitForNextTickAsync(deadline.Token));
        }
        catch (OperationCanceledException) when (!Deadline.Token.IsCancellationRequested)
        {
            Assert.Equal(expected, peers);
        }
    }
}
