using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host;

/// <summary>Where to ask to be let in: an address and a port, or a name and a port.</summary>
public sealed record SeedAddress
{
    // Of a name in the DNS.
    private const int LongestName = 253;

    private SeedAddress(string host, int port, IPEndPoint? literal)
    {
        Host = host;
        Port = port;
        Literal = literal;
    }

    /// <summary>The name or address.</summary>
    public string Host { get; }

    /// <summary>The port, from 1 to 65,535.</summary>
    public int Port { get; }

    /// <summary>The endpoint, if the seed was given as one; null for a name.</summary>
    internal IPEndPoint? Literal { get; }

    /// <summary>
    /// Reads <c>10.0.0.1:7946</c>, <c>[fd00::1]:7946</c> or <c>seed.example.org:7946</c>.
    /// </summary>
    /// <exception cref="FormatException">The text is none of these; the message says what is wrong.</exception>
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
                $"'{text}' is not HOST:PORT; write for example 10.0.0.1:7946 or [fd00::1]:7946"
            );
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            // Short forms such as 10.1 mean something else than they seem to.
            var isShort =
                address.AddressFamily == AddressFamily.InterNetwork && host.Count(c => c == '.') != 3;

            if (isShort || SwimNodeOptions.IsAny(address))
            {
                throw new FormatException($"'{host}' in '{text}' is no address of a single machine");
            }

            return new SeedAddress(host, port, new IPEndPoint(address, port));
        }

        if (Uri.CheckHostName(host) != UriHostNameType.Dns || host.Length > LongestName)
        {
            throw new FormatException($"'{host}' in '{text}' is neither an IP address nor a host name");
        }

        return new SeedAddress(host, port, literal: null);
    }

    /// <summary>The endpoints that the seed stands for now; names are resolved anew each time.</summary>
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

    /// <summary>The seed as it is written.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
