using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Support;

/// <summary>Tests that load the machine or start processes: one after the other, and nothing beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Host names for tests.</summary>
internal static class Names
{
    /// <summary>
    /// A name that never resolves: it has a label of more bytes than DNS has room for, so the system refuses it by
    /// itself and nothing leaves this machine.
    /// </summary>
    public static string Unresolvable { get; } = $"{new string('\u00fc', 40)}.example";

    /// <summary>A name that is too long even to be looked up.</summary>
    public static string TooLong { get; } = string.Join('.', Enumerable.Repeat("label", 50));
}

/// <summary>Ports for what must be known before it is bound.</summary>
internal static class Ports
{
    private const int Attempts = 5;

    /// <summary>A UDP port of the loopback address that is free now. Another process may take it at any time.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Does something with a free port, and again with another if another process took it meanwhile.</summary>
    public static async Task<int> TryAsync(Func<int, Task> use)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Free();

            try
            {
                await use(port);
                return port;
            }
            catch (Exception exception) when (attempt < Attempts && IsClash(exception)) { }
        }
    }

    // Assertions report a wrong exception as their inner one.
    private static bool IsClash(Exception? exception) =>
        exception is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || (exception is not null && IsClash(exception.InnerException));
}
