using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Support;

/// <summary>
/// Stands where others think that a node is: passes on to the node what arrives, all or a part of it, and keeps
/// copies of what it passed on.
/// </summary>
/// <param name="loss">How much is lost on the way, from 0 to 1.</param>
/// <param name="randomSeed">The seed of the draws.</param>
internal sealed class Relay(double loss = 0, int randomSeed = 1) : IAsyncDisposable
{
    private const int CopiesKept = 1000;

    private readonly Random _random = new(randomSeed);
    private readonly Socket _socket = Bound();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<byte[]> _copies = new();
    private Task _running = Task.CompletedTask;
    private long _passedOn;
    private long _lost;

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The packets that the node was sent last.</summary>
    public byte[][] Copies => [.. _copies];

    public long PassedOn => Interlocked.Read(ref _passedOn);

    public long Lost => Interlocked.Read(ref _lost);

    public void PassOnTo(IPEndPoint node) => _running = Task.Run(() => RunAsync(node));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Within("the relay ends");
        _socket.Dispose();
        _stop.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task RunAsync(IPEndPoint node)
    {
        var buffer = new byte[65536];

        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _stop.Token);

                if (_random.NextDouble() < loss)
                {
                    Interlocked.Increment(ref _lost);
                    continue;
                }

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
