using System.Net;

namespace Swim.Host;

/// <summary>
/// All addresses (A and AAAA) that a name stands for, such as a headless service of Kubernetes. The name is resolved
/// anew each time, so members that come and go with their records are found.
/// </summary>
public sealed class DnsSeedProvider : ISeedProvider
{
    private readonly SeedAddress _name;

    /// <param name="host">The name, such as <c>swim.default.svc.cluster.local</c>.</param>
    /// <param name="port">The port on which all members listen, from 1 to 65,535.</param>
    /// <exception cref="ArgumentException">The name is none, or the port is out of bounds.</exception>
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
            throw new ArgumentException($"{host} is an address; give it as a static seed", nameof(host));
        }
    }

    /// <summary>Never raised: DNS does not tell of changes.</summary>
    public event EventHandler? SeedsChanged
    {
        add { }
        remove { }
    }

    /// <summary>The name; the node resolves it, and logs if it cannot be.</summary>
    public ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SeedAddress>>([_name]);
}
