using CustomTransport;
using Swim;

// Three members on TCP find each other; one crashes, another leaves, and the remaining one detects both.
var config = SwimConfig.Local(3);
using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

await using var first = new TcpMember(config, Console.WriteLine);
await using var second = new TcpMember(config, Console.WriteLine);
await using var third = new TcpMember(config, Console.WriteLine);

second.Join(first.Identity.EndPoint);
third.Join(first.Identity.EndPoint);
await UntilAsync("all know each other", () => Count(first, 2) && Count(second, 2) && Count(third, 2));

await third.DisposeAsync();
await UntilAsync("the crash is detected", () => Count(first, 1) && Count(second, 1));

second.Leave();
await UntilAsync("the first is alone", () => Count(first, 0));

static bool Count(TcpMember member, int others) => member.Members.Count == others;

async Task UntilAsync(string what, Func<bool> isSo)
{
    while (!isSo())
    {
        await Task.Delay(20, limit.Token);
    }

    Console.WriteLine($"=> {what}");
}
