using Swim.Host.Telemetry;

namespace Swim.Host;

/// <content>The operations of a running node.</content>
public sealed partial class SwimNode
{
    /// <summary>Waits until an active member is known for the first time (R4.2).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the node continues to join.</exception>
    /// <exception cref="ObjectDisposedException">The node was disposed before.</exception>
    public Task WaitUntilActiveAsync(CancellationToken cancellationToken = default) =>
        _firstActive.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// All events from now on (R3.3), after one resynchronization with the snapshot of this moment. The sequence ends
    /// when the node is disposed.
    /// </summary>
    /// <remarks>
    /// A reader always learns of missed events: if it falls behind by more than
    /// <see cref="SwimNodeOptions.EventQueueCapacity"/>, a resynchronization takes the place of the events that it
    /// missed. The snapshot of a resynchronization may include the events that follow it.
    /// </remarks>
    /// <param name="cancellationToken">Ends the sequence.</param>
    /// <exception cref="ObjectDisposedException">The node was disposed.</exception>
    public IAsyncEnumerable<WatchedEvent> WatchAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _events.ReadAsync(cancellationToken);
    }

    /// <summary>
    /// Offers an item to the broadcast handler, and disseminates it if the handler finds it fresh (R8.7).
    /// </summary>
    /// <param name="data">
    /// The item, from 1 to <see cref="SwimInstance{TIdentity}.MaxBroadcastSize"/> bytes, which must not change before
    /// the operation ends.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation if the loop has not begun it.</param>
    /// <returns>Whether the handler found it fresh.</returns>
    /// <exception cref="SwimException">The item is empty, too large, or rejected by the handler.</exception>
    /// <exception cref="ObjectDisposedException">The node was disposed.</exception>
    public Task<bool> BroadcastAsync(
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default
    ) => _loop.InvokeAsync((instance, _) => instance.AddBroadcast(data.Span), cancellationToken);

    /// <summary>
    /// Leaves the cluster (R6.1). The node keeps running, and only answers pings and announces, with its own Down
    /// (R12.6).
    /// </summary>
    /// <param name="cancellationToken">Cancels the operation if the loop has not begun it.</param>
    /// <exception cref="ObjectDisposedException">The node was disposed.</exception>
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

    /// <summary>
    /// Takes part again after <see cref="LeaveAsync"/>, or after <see cref="SwimEventKind.Defunct"/> (R6.3).
    /// </summary>
    /// <param name="cancellationToken">Cancels the operation if the loop has not begun it.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotUndead"/>: the node is not Defunct.</exception>
    /// <exception cref="ObjectDisposedException">The node was disposed.</exception>
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

    /// <summary>
    /// Changes the parameters of the running node (R10.2); see <see cref="SwimInstance{TIdentity}.SetConfig"/>.
    /// </summary>
    /// <param name="config">
    /// The new parameters. <see cref="SwimConfig.MaxPacketSize"/> must be at most that of the start.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation if the loop has not begun it.</param>
    /// <exception cref="ArgumentException">A field is out of bounds; the message names it and its bound.</exception>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.InvalidConfig"/>: the change needs a new node. Nothing changed.
    /// </exception>
    public Task SetConfigAsync(SwimConfig config, CancellationToken cancellationToken = default)
    {
        // The receive buffers were sized when the node started.
        if (config.MaxPacketSize > _options.Config.MaxPacketSize)
        {
            throw new ArgumentException(
                $"MaxPacketSize must be at most {_options.Config.MaxPacketSize}, its value when the node started.",
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
