using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Swim;

namespace CustomTransport;

/// <summary>
/// A member that sends each packet over a TCP connection of its own. A transport needs two parts: a loop that gives the
/// instance the packets that arrive, the timers that are due and the operations of its caller, one at a time; and three
/// methods that carry out the effects.
/// </summary>
internal sealed class TcpMember : ISwimRuntime<NodeIdentity>, IAsyncDisposable
{
    // Packets that may wait for the loop.
    private const int MaxQueuedPackets = 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    // Unbounded: timers and operations are never dropped. Only the network could flood the member, so only packets are
    // counted and bounded.
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>();
    private readonly SwimInstance<NodeIdentity> _instance;
    private readonly Action<string> _print;
    private readonly Task _running;
    private int _queuedPackets;
    private int _disposed;

    public TcpMember(SwimConfig config, Action<string> print)
    {
        _listener.Start();
        _print = print;
        var identity = NodeIdentity.Create((IPEndPoint)_listener.LocalEndpoint);
        var randomSeed = (ulong)Random.Shared.NextInt64();
        _instance = new SwimInstance<NodeIdentity>(identity, config, NodeIdentityCodec.Instance, randomSeed);
        _running = Task.WhenAll(RunAsync(), AcceptAsync());
    }

    public NodeIdentity Identity => _instance.Identity;

    /// <summary>The active members in the latest snapshot. Any thread may read it.</summary>
    public IReadOnlyList<MemberRecord<NodeIdentity>> Members => _instance.Members;

    public void Join(IPEndPoint seed) => Do(() => _instance.Announce(NodeIdentity.Unknown(seed), this));

    public void Leave() => Do(() => _instance.LeaveCluster(this));

    public void SendTo(NodeIdentity destination, ReadOnlySpan<byte> data)
    {
        // The span is valid only during this call. The protocol handles the loss of a packet.
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

    public void Notify(in SwimEvent<NodeIdentity> occurred) =>
        _print($"{Identity.Port}: {occurred.Kind} {occurred.Identity.EndPoint}");

    /// <summary>Stops without leaving, as in a crash. Call <see cref="Leave"/> first to leave cleanly.</summary>
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

    // The channel is never completed, so it takes every action.
    private void Do(Action action) => _work.Writer.TryWrite(action);

    // A packet that finds too many others waiting is dropped, which the protocol tolerates as loss.
    private void Received(byte[] packet)
    {
        if (Interlocked.Increment(ref _queuedPackets) > MaxQueuedPackets)
        {
            Interlocked.Decrement(ref _queuedPackets);
            return;
        }

        Do(() =>
        {
            Interlocked.Decrement(ref _queuedPackets);

            // The instance answers a malformed packet with an error code, which a member may count.
            _ = _instance.HandleData(packet, this);
        });
    }

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
            // The member was disposed.
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
            // Reads to the end of the connection, but one byte more than a packet may have at most, so that the
            // instance refuses a longer one.
            var length = await connection
                .GetStream()
                .ReadAtLeastAsync(buffer, buffer.Length, false, _stop.Token);

            Received(buffer[..length]);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The packet is lost.
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
            // The packet is lost.
        }
    }
}
