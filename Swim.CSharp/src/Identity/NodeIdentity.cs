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
/// <see cref="Create"/> takes the generation from the clock, so that a process that restarts supersedes its
/// former self without remembering anything (R12.12). An IPv6 scope is not part of the identity: it means
/// something only on one machine.
/// </remarks>
public readonly struct NodeIdentity : IIdentity<NodeIdentity>, IEquatable<NodeIdentity>
{
    // The address as sixteen bytes, big-endian; IPv4 in its IPv6-mapped form.
    private readonly UInt128 _address;
    private readonly ushort _port;

    private const uint MappedPrefix = 0xFFFF;

    /// <summary>Makes an identity from its parts.</summary>
    /// <param name="endPoint">A concrete address, not "any", and a port from 1 to 65,535.</param>
    /// <param name="generation">Tells this life of the member at that endpoint from earlier ones.</param>
    /// <exception cref="ArgumentException">The address is "any" or not IPv4 or IPv6, or the port is 0.</exception>
    public NodeIdentity(IPEndPoint endPoint, ulong generation)
    {
        ArgumentNullException.ThrowIfNull(endPoint);

        if (endPoint.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw new ArgumentException("must be an IPv4 or IPv6 endpoint", nameof(endPoint));
        }

        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        _address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _port = (ushort)endPoint.Port;
        Generation = generation;

        if (!IsReachable(_address, _port))
        {
            throw new ArgumentException(
                $"{endPoint} is no endpoint that others can send to: it needs a concrete address and a port from 1 to 65535",
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
    /// <param name="endPoint">Where others reach this member.</param>
    /// <param name="clock">Tells the time; the system's clock if null.</param>
    public static NodeIdentity Create(IPEndPoint endPoint, TimeProvider? clock = null)
    {
        var sinceEpoch = (clock ?? TimeProvider.System).GetUtcNow() - DateTimeOffset.UnixEpoch;

        // A clock before 1970 is not set; a negative time would become a generation that wins for ever.
        var microseconds = Math.Max(0, sinceEpoch.Ticks / TimeSpan.TicksPerMicrosecond);
        return new NodeIdentity(endPoint, (ulong)microseconds);
    }

    /// <summary>An endpoint whose member is not known yet: to be announced to (R8.1), never a member.</summary>
    public static NodeIdentity Unknown(IPEndPoint endPoint) => new(endPoint, 0);

    /// <summary>Tells this life of the member from earlier ones at the same endpoint.</summary>
    public ulong Generation { get; }

    /// <summary>Whether the endpoint is an IPv4 one.</summary>
    public bool IsIPv4 => (ulong)(_address >> 64) == 0 && (uint)(_address >> 32) == MappedPrefix;

    /// <summary>Where the member is reached.</summary>
    public IPEndPoint EndPoint => new(Address, _port);

    /// <summary>The port part of the endpoint.</summary>
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

    /// <summary>Rebuilds an identity from its wire form; false for an endpoint that nobody can have.</summary>
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

    /// <summary>Whether the two are one and the same identity.</summary>
    public static bool operator ==(NodeIdentity left, NodeIdentity right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(NodeIdentity left, NodeIdentity right) => !left.Equals(right);
}
