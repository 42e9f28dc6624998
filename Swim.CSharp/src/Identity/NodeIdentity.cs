using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Swim;

/// <summary>
/// The default identity: an IPv4 or IPv6 endpoint and a generation. The endpoint is the address; of two
/// identities with one endpoint the higher generation wins, and renewing adds one to it.
/// </summary>
/// <remarks>
/// <see cref="Create"/> takes the generation from the clock, so that a process that restarts wins over its earlier
/// life and needs to remember nothing (R12.12). An IPv6 scope is not part of the identity, as it has a meaning on one
/// machine only.
/// </remarks>
public readonly struct NodeIdentity : IIdentity<NodeIdentity>, IEquatable<NodeIdentity>
{
    // The address as sixteen bytes, big-endian; IPv4 in its IPv6-mapped form.
    private readonly UInt128 _address;
    private readonly ushort _port;

    private const uint MappedPrefix = 0xFFFF;

    /// <summary>Makes an identity from its parts.</summary>
    /// <param name="endPoint">The endpoint: a concrete address, not "any", and a port from 1 to 65,535.</param>
    /// <param name="generation">The generation: of two identities with one endpoint the higher one wins.</param>
    /// <exception cref="ArgumentException">The address is "any" or not IPv4 or IPv6, or the port is 0.</exception>
    public NodeIdentity(IPEndPoint endPoint, ulong generation)
    {
        ArgumentNullException.ThrowIfNull(endPoint);

        if (endPoint.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw new ArgumentException("The endpoint must be an IPv4 or IPv6 endpoint.", nameof(endPoint));
        }

        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        _address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _port = (ushort)endPoint.Port;
        Generation = generation;

        if (!IsReachable(_address, _port))
        {
            throw new ArgumentException(
                $"The endpoint {endPoint} must have a concrete address and a port from 1 to 65535, or no member can send to it.",
                nameof(endPoint)
            );
        }
    }

    private NodeIdentity(UInt128 address, ushort port, ulong generation)
    {
        _address = address;
        _port = port;
        Generation = generation;
    }

    /// <summary>Makes the identity of a member that starts now: its generation is the time in microseconds.</summary>
    /// <param name="endPoint">The endpoint at which other members reach this one.</param>
    /// <param name="clock">The clock; null for that of the system.</param>
    public static NodeIdentity Create(IPEndPoint endPoint, TimeProvider? clock = null)
    {
        var sinceEpoch = (clock ?? TimeProvider.System).GetUtcNow() - DateTimeOffset.UnixEpoch;

        // A clock before 1970 is not set. A negative time would become a generation that always wins.
        var microseconds = Math.Max(0, sinceEpoch.Ticks / TimeSpan.TicksPerMicrosecond);
        return new NodeIdentity(endPoint, (ulong)microseconds);
    }

    /// <summary>
    /// The identity to announce to when only the endpoint of a member is known (R8.1, R12.12). No member has it.
    /// </summary>
    /// <param name="endPoint">The endpoint of the member.</param>
    public static NodeIdentity Unknown(IPEndPoint endPoint) => new(endPoint, 0);

    /// <summary>Distinguishes this life of the member from earlier ones at the same endpoint.</summary>
    public ulong Generation { get; }

    /// <summary>Whether the endpoint has an IPv4 address.</summary>
    public bool IsIPv4 => (ulong)(_address >> 64) == 0 && (uint)(_address >> 32) == MappedPrefix;

    /// <summary>The endpoint at which other members reach this one.</summary>
    public IPEndPoint EndPoint => new(Address, _port);

    /// <summary>The port of the endpoint.</summary>
    public int Port => _port;

    private IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
            return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
        }
    }

    /// <summary>The IP address as a number, the first byte highest; an IPv4 one in its IPv6-mapped form.</summary>
    public UInt128 AddressBits => _address;

    /// <summary>Rebuilds an identity from its wire form; false for an endpoint that no member can have.</summary>
    internal static bool TryCreate(UInt128 address, ushort port, ulong generation, out NodeIdentity identity)
    {
        identity = new NodeIdentity(address, port, generation);
        return IsReachable(address, port);
    }

    internal static UInt128 MapIPv4(uint address) => new(0, ((ulong)MappedPrefix << 32) | address);

    // Neither "any" address, in either form, nor port 0.
    private static bool IsReachable(UInt128 address, ushort port) =>
        port != 0 && address != UInt128.Zero && address != MapIPv4(0);

    /// <inheritdoc />
    public bool HasSameAddress(NodeIdentity other) => _address == other._address && _port == other._port;

    /// <inheritdoc />
    public int GetAddressHashCode() => HashCode.Combine((ulong)(_address >> 64), (ulong)_address, _port);

    /// <inheritdoc />
    public bool TryRenew(out NodeIdentity renewed)
    {
        renewed = new NodeIdentity(_address, _port, unchecked(Generation + 1));
        return Generation != ulong.MaxValue;
    }

    /// <inheritdoc />
    public bool TryRenewAbove(NodeIdentity rival, out NodeIdentity renewed) =>
        new NodeIdentity(_address, _port, Math.Max(Generation, rival.Generation)).TryRenew(out renewed);

    /// <inheritdoc />
    public bool WinsAddressConflict(NodeIdentity other) => Generation > other.Generation;

    /// <inheritdoc />
    public bool Equals(NodeIdentity other) => HasSameAddress(other) && Generation == other.Generation;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is NodeIdentity other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(GetAddressHashCode(), Generation);

    /// <summary>The endpoint and the generation, as in <c>10.0.0.1:7946#1764000000000000</c>.</summary>
    public override string ToString() =>
        _port == 0 ? "(none)" : string.Create(CultureInfo.InvariantCulture, $"{EndPoint}#{Generation}");

    /// <summary>Whether the two identities are equal.</summary>
    public static bool operator ==(NodeIdentity left, NodeIdentity right) => left.Equals(right);

    /// <summary>Whether the two identities differ.</summary>
    public static bool operator !=(NodeIdentity left, NodeIdentity right) => !left.Equals(right);
}
