// Two members in one process, from the packages alone. Prints the same however it was published.
using System.Net;
using System.Text;
using Swim;
using Swim.Host;

if (args is ["start"])
{
    await using var node = SwimNode.Start(Options());
    Console.WriteLine("started");
    return;
}

using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var recording = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.swimrec");
var messages = new Messages();

await using (var alice = SwimNode.Start(Options() with { RecordingPath = recording }, messages))
await using (var bob = SwimNode.Start(Options(alice.LocalEndPoint), new Messages()))
{
    await Task.WhenAll(Until(alice, others: 1), Until(bob, others: 1));
    Console.WriteLine($"alice sees bob: {alice.Members.Single().Identity == bob.Identity}");
    Console.WriteLine($"bob sees alice: {bob.Members.Single().Identity == alice.Identity}");

    await bob.BroadcastAsync(Encoding.UTF8.GetBytes("hello"), deadline.Token);
    Console.WriteLine($"alice hears {await messages.First.WaitAsync(deadline.Token)}");

    await bob.LeaveAsync(deadline.Token);
    await Until(alice, others: 0);
    Console.WriteLine($"bob left: alice is {alice.ConnectionState}, bob is {bob.ConnectionState}");
}

Console.WriteLine($"recorded: {new FileInfo(recording).Length > 100}");
File.Delete(recording);

var member = new SwimInstance<NodeIdentity>(
    NodeIdentity.Create(new IPEndPoint(IPAddress.Loopback, 7946)),
    SwimConfig.Simple(),
    NodeIdentityCodec.Instance,
    randomSeed: 1
);
Console.WriteLine(
    $"junk is refused: {member.HandleData([1, 2, 3], new AccumulatingRuntime<NodeIdentity>())}"
);

try
{
    SwimNode.Start(Options() with { Config = SwimConfig.Simple() with { IndirectProbes = 0 } });
}
catch (ArgumentException misuse)
{
    Console.WriteLine(misuse.Message);
}

static SwimNodeOptions Options(params IPEndPoint[] seeds) =>
    new()
    {
        BindEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        Seeds = [.. seeds.Select(seed => SeedAddress.Parse(seed.ToString()))],
        Config = SwimConfig.Local(clusterSize: 2),
    };

async Task Until(SwimNode node, int others)
{
    await foreach (var watched in node.WatchAsync(deadline.Token))
    {
        if (watched.Snapshot.Members.Count == others)
        {
            return;
        }
    }
}

/// <summary>The first custom broadcast that a member receives.</summary>
internal sealed class Messages : IBroadcastHandler<NodeIdentity, Topic>
{
    private readonly TaskCompletionSource<string> _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task<string> First => _first.Task;

    public BroadcastVerdict Receive(ReadOnlySpan<byte> data, bool isLocal, NodeIdentity sender, out Topic key)
    {
        var text = Encoding.UTF8.GetString(data);
        key = new Topic(text);
        return _first.TrySetResult(text) ? BroadcastVerdict.Fresh : BroadcastVerdict.Stale;
    }
}

/// <summary>A value type: generic code over one has to be compiled ahead of time for it alone.</summary>
internal readonly record struct Topic(string Name) : IInvalidates<Topic>
{
    public bool Invalidates(Topic other) => Name == other.Name;
}
