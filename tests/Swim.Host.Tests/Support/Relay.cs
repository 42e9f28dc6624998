using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Support;

/// <summary>
/// Stands where others think that a node is: passes on to the node whatever arrives, and keeps copies.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int CopiesKept = 1000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<byte[]> _copies = new();
    private Task _running = Task.CompletedTask;
    private long _passedOn;

    public Relay() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The packets that the node was sent last.</summary>
    public byte[][] Copies => [.. _copies];

    public long PassedOn => Interlocked.Read(ref _passedOn);

    public void PassOnTo(IPEndPoint node) => _running = Task.Run(() => RunAsync(node));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Within("the relay ends");
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(IPEndPoint node)
    {
        var buffer = new byte[65536];

        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _stop.Token);
                _copies.Enqueue(buffer[..length]);

                if (_copies.Count > CopiesKept)
                {
                    _copies.TryDequeue(out _);
                }

                Interlocked.Increment(ref _passedOn);
                await _socket.SendToAsync(buffer.AsMemory(0, length), node, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
