using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Swim;

namespace CustomTransport;

/// <summary>
/// A member that sends its packets over TCP, one connection each. All that is needed for a transport of your own: a
/// loop that gives the instance what arrives and what is due, one thing at a time, and three methods that carry out
/// what it asks for.
/// </summary>
internal sealed class TcpMember : ISwimRuntime<NodeIdentity>, IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(1024);
    private readonly SwimInstance<NodeIdentity> _instance;
    private readonly Action<string> _print;
    private readonly Task _running;
    private int _disposed;

    public TcpMember(SwimConfig config, Action<string> print)
    {
        _listener.Start();
        _print = print;
        var identity = NodeIdentity.Create((IPEndPoint)_listener.LocalEndpoint);
        var seed = (ulong)Random.Shared.NextInt64();
        _instance = new SwimInstance<NodeIdentity>(identity, config, NodeIdentityCodec.Instance, seed);
        _running = Task.WhenAll(RunAsync(), AcceptAsync());
    }

    public NodeIdentity Identity => _instance.Identity;

    /// <summary>A snapshot, to be read on any thread.</summary>
    public IReadOnlyList<Member<NodeIdentity>> Members => _instance.Members;

    public void Join(IPEndPoint seed) => Do(() => _instance.Announce(NodeIdentity.Unknown(seed), this));

    public void Leave() => Do(() => _instance.LeaveCluster(this));

    public void SendTo(NodeIdentity destination, ReadOnlySpan<byte> data)
    {
        // The span is only good for this call; and whether it arrives is the protocol's business.
        _ = SendAsync(destination.EndPoint, data.ToArray());
    }

    public void Schedule(SwimTimer<NodeIdentity> timer, TimeSpan after) =>
        _ = Task.Delay(after, _stop.Token)
            .ContinueWith(
                _ => Do(() => _instance.HandleTimer(timer, this)),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );

    public void Notify(SwimNotification<NodeIdentity> notification) =>
        _print($"{Identity.Port}: {notification.Kind} {notification.Identity.EndPoint}");

    /// <summary>Stops without a word, as a crash would; leave first for a better end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    // When too much waits, the newest is dropped: loss, and the protocol lives with loss.
    private void Do(Action action) => _work.Writer.TryWrite(action);

    private async Task RunAsync()
    {
        try
        {
            await foreach (var action in _work.Reader.ReadAllAsync(_stop.Token))
            {
                action();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ReceiveAsync(connection);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(TcpClient connection)
    {
        using var _ = connection;
        var buffer = new byte[_instance.Config.MaxPacketSize + 1];

        try
        {
            // Up to the end of the connection, and never more than a packet may have.
            var length = await connection
                .GetStream()
                .ReadAtLeastAsync(buffer, buffer.Length, false, _stop.Token);

            // Junk is answered by an error code, and may be counted.
            Do(() => _instance.HandleData(buffer.AsSpan(0, length), this));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Lost on the way.
        }
    }

    private async Task SendAsync(IPEndPoint destination, byte[] packet)
    {
        try
        {
            using var connection = new TcpClient(destination.AddressFamily);
            await connection.ConnectAsync(destination, _stop.Token);
            await connection.GetStream().WriteAsync(packet, _stop.Token);
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Lost on the way.
        }
    }
}
