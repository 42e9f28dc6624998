using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host;

/// <summary>
/// Makes the socket addresses of members without allocations: there is one for the family of the socket, and the port
/// and address of the member are written into it. Only the loop of the node uses it.
/// </summary>
internal sealed class DestinationAddress
{
    // The offsets in sockaddr_in and sockaddr_in6, on every system.
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;

    private readonly AddressFamily _family;
    private readonly SocketAddress _address;

    public DestinationAddress(AddressFamily family)
    {
        _family = family;
        var any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        _address = new IPEndPoint(any, 0).Serialize();
    }

    /// <summary>
    /// The member's socket address, valid until the next call; false if the socket cannot reach it.
    /// </summary>
    public bool TrySet(NodeIdentity member, [NotNullWhen(true)] out SocketAddress? address)
    {
        address = null;
        var isIPv4Socket = _family == AddressFamily.InterNetwork;

        if (isIPv4Socket && !member.IsIPv4)
        {
            return false;
        }

        var bytes = _address.Buffer.Span;
        bytes[PortOffset] = (byte)(member.Port >> 8);
        bytes[PortOffset + 1] = (byte)member.Port;

        if (isIPv4Socket)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[IPv4Offset..], (uint)member.AddressBits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[IPv6Offset..], member.AddressBits);
        }

        address = _address;
        return true;
    }
}
