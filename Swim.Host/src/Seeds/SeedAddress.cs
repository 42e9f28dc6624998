using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host;

/// <summary>An address to join through: an IP address and a port, or a DNS name and a port.</summary>
public sealed record SeedAddress
{
    // The longest name in the DNS.
    private const int LongestName = 253;

    private SeedAddress(string host, int port, IPEndPoint? literal)
    {
        Host = host;
        Port = port;
        Literal = literal;
    }

    /// <summary>The name or IP address.</summary>
    public string Host { get; }

    /// <summary>The port, from 1 to 65,535.</summary>
    public int Port { get; }

    /// <summary>The endpoint of an IP address; null for a name.</summary>
    internal IPEndPoint? Literal { get; }

    /// <summary>
    /// Reads a seed, such as <c>10.0.0.1:7946</c>, <c>[fd00::1]:7946</c> or <c>seed.example.org:7946</c>.
    /// </summary>
    /// <param name="text">The text, <c>HOST:PORT</c>.</param>
    /// <exception cref="FormatException">The text is not a seed; the message says why.</exception>
    public static SeedAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : "";

        if (
            host.Length == 0
            || (host.Contains(':') && !(host.StartsWith('[') && host.EndsWith(']')))
            || !ushort.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var port
            )
            || port == 0
        )
        {
            throw new FormatException(
                $"The seed '{text}' must be HOST:PORT, for example 10.0.0.1:7946 or [fd00::1]:7946."
            );
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            // Short forms such as 10.1 do not mean what they seem to.
            var isShort =
                address.AddressFamily == AddressFamily.InterNetwork && host.Count(c => c == '.') != 3;

            if (isShort || SwimNodeOptions.IsAny(address))
            {
                throw new FormatException(
                    $"The address '{host}' of the seed '{text}' must be the full address of one machine."
                );
            }

            return new SeedAddress(host, port, new IPEndPoint(address, port));
        }

        if (Uri.CheckHostName(host) != UriHostNameType.Dns || host.Length > LongestName)
        {
            throw new FormatException(
                $"The host '{host}' of the seed '{text}' must be an IP address or a host name."
            );
        }

        return new SeedAddress(host, port, literal: null);
    }

    /// <summary>The endpoints of the seed; a name is resolved each time.</summary>
    internal async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (Literal is not null)
        {
            return [Literal];
        }

        var addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken).ConfigureAwait(false);
        return
        [
            .. addresses
                .Where(address => !SwimNodeOptions.IsAny(address))
                .Select(address => new IPEndPoint(address, Port)),
        ];
    }

    /// <summary>The seed in the form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
