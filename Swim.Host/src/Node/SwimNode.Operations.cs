using Swim.Host.Telemetry;

namespace Swim.Host;

/// <content>What can be asked of a running node.</content>
public sealed partial class SwimNode
{
    /// <summary>Waits until the cluster knows this node.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the node goes on trying.</exception>
    /// <exception cref="ObjectDisposedException">The node was disposed first.</exception>
    public Task WaitUntilActiveAsync(CancellationToken cancellationToken = default) =>
        _firstActive.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// The changes from now on, beginning with one resynchronization that holds what is
    /// known now. Ends when the node is disposed.
    /// </summary>
    /// <remarks>
    /// No change is lost without a word: a reader that falls behind by more than
    /// <see cref="SwimNodeOptions.ChangeQueueCapacity"/> gets another Resynchronize in the place of what it
    /// missed. A change right after one may already be in its snapshot.
    /// </remarks>
    public IAsyncEnumerable<WatchedEvent> WatchAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _events.ReadAsync(cancellationToken);
    }

    /// <summary>Disseminates data of our own through the broadcast handler.</summary>
    /// <returns>Whether the handler found it fresh.</returns>
    /// <exception cref="SwimException">It is empty, too large, or rejected by the handler.</exception>
    public Task<bool> BroadcastAsync(
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default
    ) => _loop.InvokeAsync((instance, _) => instance.AddBroadcast(data.Span), cancellationToken);

    /// <summary>
    /// Leaves the cluster but keeps running: the node stays silent, but for telling whoever asks that it is gone.
    /// </summary>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        using var span = Tracing.StartLeave();

        try
        {
            await _loop
                .InvokeAsync(
                    (instance, runtime) =>
                    {
                        instance.LeaveCluster(runtime);
                        return true;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    /// <summary>Comes back after <see cref="LeaveAsync"/>, or after having been declared down for good.</summary>
    /// <exception cref="SwimException">The node is not defunct.</exception>
    public async Task RejoinAsync(CancellationToken cancellationToken = default)
    {
        await _loop
            .InvokeAsync(
                (instance, runtime) =>
                {
                    instance.ReuseDownIdentity(runtime);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);

        _joiner.Reconsider();
    }

    /// <summary>Changes the parameters while running; see <see cref="SwimInstance{TIdentity}.SetConfig"/>.</summary>
    public Task SetConfigAsync(SwimConfig config, CancellationToken cancellationToken = default)
    {

        // The receive buffers were sized when the node started.
        if (config.MaxPacketSize > _options.Config.MaxPacketSize)
        {
            throw new ArgumentException(
                $"MaxPacketSize must be at most {_options.Config.MaxPacketSize}, as when the node started",
                nameof(config)
            );
        }

        return _loop.InvokeAsync(
            (instance, _) =>
            {
                instance.SetConfig(config);
                return true;
            },
            cancellationToken
        );
    }
}
