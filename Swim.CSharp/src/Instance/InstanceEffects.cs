using System.Runtime.ExceptionServices;
using Swim.Core;

namespace Swim;

/// <summary>
/// Turns the effects of a <see cref="SwimInstance{TIdentity}"/> into bytes, calls of the runtime and questions to
/// the broadcast handler.
/// </summary>
internal sealed class InstanceEffects<TIdentity>(
    PacketCodec<TIdentity> codec,
    BroadcastAdapter<TIdentity> broadcasts,
    int maxPacketSize
) : IEffectHandler<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private byte[] _buffer = new byte[maxPacketSize];
    private int _maxPacketSize = maxPacketSize;
    private ISwimRuntime<TIdentity>? _runtime;
    private ExceptionDispatchInfo? _thrown;

    /// <summary>Sees what is sent, if set.</summary>
    public IInstanceWatcher<TIdentity>? Watcher { get; set; }

    /// <summary>What the broadcast handler threw when it last failed on data from the network, if ever.</summary>
    public Exception? LastBroadcastException { get; private set; }

    /// <summary>The effects that follow are for this runtime.</summary>
    public void Begin(ISwimRuntime<TIdentity> runtime)
    {
        _runtime = runtime;
        _thrown = null;
    }

    /// <summary>
    /// All effects were handed out. A runtime that throws does not make the rest of them lost: its first exception
    /// is thrown now.
    /// </summary>
    public void End()
    {
        _runtime = null;
        _thrown?.Throw();
    }

    /// <summary>Packets are up to that long from now on.</summary>
    public void SetMaxPacketSize(int size)
    {
        _maxPacketSize = size;

        if (_buffer.Length < size)
        {
            _buffer = new byte[size];
        }
    }

    public SwimError Send(in Packet<TIdentity> packet)
    {
        int length;

        try
        {
            if (!codec.TryEncode(packet, _buffer.AsSpan(0, _maxPacketSize), out length))
            {
                return SwimError.Encode;
            }
        }
#pragma warning disable CA1031 // A user's codec that throws is one that cannot write the packet.
        catch (Exception)
#pragma warning restore CA1031
        {
            return SwimError.Encode;
        }

        Watcher?.Sent(packet.Header.Kind, length);

        try
        {
            _runtime!.SendTo(packet.Header.Destination, _buffer.AsSpan(0, length));
        }
#pragma warning disable CA1031 // Thrown by End.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Keep(exception);
        }

        return SwimError.None;
    }

    public void Schedule(Swim.Core.Timer<TIdentity> timer, TimeSpan after)
    {
        try
        {
            _runtime!.Schedule(new SwimTimer<TIdentity>(timer), after);
        }
#pragma warning disable CA1031 // Thrown by End.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Keep(exception);
        }
    }

    public void Notify(in SwimEvent<TIdentity> @event)
    {
        try
        {
            _runtime!.Notify(@event);
        }
#pragma warning disable CA1031 // Thrown by End.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Keep(exception);
        }
    }

    public OfferAnswer Offer(TIdentity sender, ReadOnlyMemory<byte> payload)
    {
        var verdict = broadcasts.Receive(payload.Span, isLocal: false, sender, out var key);

        return verdict switch
        {
            // The payload is part of a buffer that the caller of the instance owns.
            BroadcastVerdict.Fresh => OfferAnswer.NewFresh(key!, payload.ToArray()),
            BroadcastVerdict.Stale => OfferAnswer.Stale,
            _ => OfferAnswer.Invalid,
        };
    }

    public void OfferFailed(Exception failure) => LastBroadcastException = failure;

    private void Keep(Exception exception) => _thrown ??= ExceptionDispatchInfo.Capture(exception);
}
