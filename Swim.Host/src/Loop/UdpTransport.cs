using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <summary>A datagram in a rented buffer.</summary>
internal readonly record struct Datagram(byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>
/// The UDP socket of a node. Received datagrams wait in a bounded queue; datagrams are sent at once, on the thread of
/// the caller. No fault of the network throws.
/// </summary>
internal sealed class UdpTransport : IDisposable
{
    private readonly Socket _socket;
    private readonly NodeTelemetry _telemetry;
    private readonly Channel<Datagram> _received;
    private readonly DestinationAddress _destination;
    private readonly int _bufferSize;

    public UdpTransport(SwimNodeOptions options, NodeTelemetry telemetry)
    {
        _telemetry = telemetry;
        // One byte more than allowed, so that a longer datagram is seen to be too long.
        _bufferSize = options.Config.MaxPacketSize + 1;

        _received = Channel.CreateBounded<Datagram>(
            new BoundedChannelOptions(options.ReceiveQueueCapacity)
            {
                FullMode = BoundedChannelFullMode.DropWrite,
                SingleReader = true,
                SingleWriter = true,
            },
            dropped =>
            {
                dropped.Return();
                telemetry.Dropped();
            }
        );

        _socket = Bind(options.BindEndPoint);
        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _destination = new DestinationAddress(_socket.AddressFamily);
    }

    /// <summary>The endpoint at which the socket listens.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Whether datagrams wait in the queue.</summary>
    public bool HasQueued => QueueLength > 0;

    /// <summary>The number of datagrams that wait in the queue.</summary>
    public int QueueLength => _received.Reader.Count;

    /// <summary>Whether the system has datagrams that were not queued yet.</summary>
    public bool HasUnqueued
    {
        get
        {
            try
            {
                return _socket.Available > 0;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>While true nothing is sent, and datagrams that arrive are dropped: a network that is down.</summary>
    public bool IsCutOff { get; set; }

    public bool TryTake(out Datagram datagram) => _received.Reader.TryRead(out datagram);

    /// <summary>
    /// Receives until cancelled; <paramref name="arrived"/> is called after each datagram, kept or not.
    /// </summary>
    public async Task ReceiveAsync(Action arrived, CancellationToken cancellationToken)
    {
        var from = new SocketAddress(_socket.AddressFamily);

        while (!cancellationToken.IsCancellationRequested)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(_bufferSize);

            try
            {
                var length = await _socket
                    .ReceiveFromAsync(
                        buffer.AsMemory(0, _bufferSize),
                        SocketFlags.None,
                        from,
                        cancellationToken
                    )
                    .ConfigureAwait(false);

                if (IsCutOff)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
                else
                {
                    _telemetry.Received(length);
                    _received.Writer.TryWrite(new Datagram(buffer, length));
                }
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or ObjectDisposedException)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }
            catch (SocketException exception)
            {
                ArrayPool<byte>.Shared.Return(buffer);

                // Too long for the buffer, on systems that report it instead of truncating the datagram.
                if (exception.SocketErrorCode == SocketError.MessageSize)
                {
                    _telemetry.Refused(SwimError.DataTooBig);
                }
                else
                {
                    _telemetry.ReceiveFailed();
                }
            }

            arrived();
        }
    }

    public void Send(NodeIdentity destination, ReadOnlySpan<byte> data)
    {
        if (IsCutOff)
        {
            return;
        }

        if (!_destination.TrySet(destination, out var address))
        {
            _telemetry.SendFailed();
            return;
        }

        try
        {
            _socket.SendTo(data, SocketFlags.None, address);
            _telemetry.Sent(data.Length);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // An unreachable network or a full buffer is loss, which the protocol tolerates.
            _telemetry.SendFailed();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();

        while (_received.Reader.TryRead(out var datagram))
        {
            datagram.Return();
        }
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            if (OperatingSystem.IsWindows())
            {
                // Without it a datagram to a closed port makes the next receive fail (SIO_UDP_CONNRESET).
                socket.IOControl(unchecked((int)0x9800000C), [0], null);
            }

            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new SwimStartException(Explain(endPoint, exception), exception);
        }
    }

    private static string Explain(IPEndPoint endPoint, SocketException exception) =>
        exception.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"Cannot listen at {endPoint}: the port is taken. Stop what uses it, or choose another BindEndPoint.",
            SocketError.AddressNotAvailable =>
                $"Cannot listen at {endPoint}: this machine has no such address. Choose one of its own as BindEndPoint.",
            SocketError.AccessDenied =>
                $"Cannot listen at {endPoint}: it is not permitted. Choose a port from 1024 up as BindEndPoint.",
            _ => $"Cannot listen at {endPoint}: {exception.Message}",
        };
}
