using System.Diagnostics.CodeAnalysis;

namespace Swim;

/// <summary>A packet that is to be sent.</summary>
/// <param name="Destination">The member to send it to.</param>
/// <param name="Data">The bytes of the packet.</param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public readonly record struct OutgoingPacket<TIdentity>(TIdentity Destination, ReadOnlyMemory<byte> Data);

/// <summary>A timer that is to be set.</summary>
/// <param name="Timer">The timer to give back to the instance when it is due.</param>
/// <param name="After">The time until it is due.</param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public readonly record struct ScheduledTimer<TIdentity>(SwimTimer<TIdentity> Timer, TimeSpan After)
    where TIdentity : IIdentity<TIdentity>;

/// <summary>
/// A runtime that collects packets, timers and events, for the caller to take after each operation. foca's
/// <c>AccumulatingRuntime</c>. Not safe for use by several threads.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public sealed class AccumulatingRuntime<TIdentity> : ISwimRuntime<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private readonly Queue<OutgoingPacket<TIdentity>> _packets = new();
    private readonly Queue<ScheduledTimer<TIdentity>> _timers = new();
    private readonly Queue<SwimEvent<TIdentity>> _events = new();

    /// <summary>The number of packets, timers and events that are queued.</summary>
    public int Backlog => _packets.Count + _timers.Count + _events.Count;

    /// <summary>Takes the oldest packet that is to be sent; false if there is none.</summary>
    public bool TryTakePacket([MaybeNullWhen(false)] out OutgoingPacket<TIdentity> packet) =>
        _packets.TryDequeue(out packet);

    /// <summary>Takes the oldest timer that is to be set; false if there is none.</summary>
    public bool TryTakeTimer([MaybeNullWhen(false)] out ScheduledTimer<TIdentity> timer) =>
        _timers.TryDequeue(out timer);

    /// <summary>Takes the oldest event; false if there is none.</summary>
    public bool TryTakeEvent([MaybeNullWhen(false)] out SwimEvent<TIdentity> occurred) =>
        _events.TryDequeue(out occurred);

    /// <inheritdoc />
    public void Notify(in SwimEvent<TIdentity> occurred) => _events.Enqueue(occurred);

    /// <inheritdoc />
    public void SendTo(TIdentity destination, ReadOnlySpan<byte> data) =>
        _packets.Enqueue(new OutgoingPacket<TIdentity>(destination, data.ToArray()));

    /// <inheritdoc />
    public void Schedule(SwimTimer<TIdentity> timer, TimeSpan after) =>
        _timers.Enqueue(new ScheduledTimer<TIdentity>(timer, after));
}
