using System.Net;

namespace Swim.Host;

/// <summary>
/// Provides all addresses (A and AAAA) of a DNS name as seeds, such as a headless service of Kubernetes. The name is
/// resolved each time, so members are found as their records appear.
/// </summary>
public sealed class DnsSeedProvider : ISeedProvider
{
    private readonly SeedAddress _name;

    /// <summary>Makes a provider for a name.</summary>
    /// <param name="host">The DNS name, such as <c>swim.default.svc.cluster.local</c>.</param>
    /// <param name="port">The port at which all members listen, from 1 to 65,535.</param>
    /// <exception cref="ArgumentException">The host is not a DNS name, or the port is out of bounds.</exception>
    public DnsSeedProvider(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);

        try
        {
            _name = SeedAddress.Parse($"{host}:{port}");
        }
        catch (FormatException exception)
        {
            throw new ArgumentException(exception.Message, nameof(host), exception);
        }

        if (_name.Literal is not null)
        {
            throw new ArgumentException(
                $"The host must be a DNS name, but {host} is an address. Give it as a static seed.",
                nameof(host)
            );
        }
    }

    /// <summary>Never raised, as DNS does not notify of changes.</summary>
    public event EventHandler? SeedsChanged
    {
        add { }
        remove { }
    }

    /// <summary>The name, which the node resolves.</summary>
    /// <param name="cancellationToken">Not used.</param>
    public ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SeedAddress>>([_name]);
}
