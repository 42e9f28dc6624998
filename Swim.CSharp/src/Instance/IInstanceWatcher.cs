using Swim.Core;

namespace Swim;

/// <summary>
/// Sees what a <see cref="SwimInstance{TIdentity}"/> does as it does it, to count and to measure. Its methods are
/// called by whoever drives the instance; they must be quick and must not throw.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal interface IInstanceWatcher<TIdentity>
{
    /// <summary>A packet came in that could be decoded, whatever the protocol makes of it.</summary>
    void Received(MessageKind kind, int bytes);

    /// <summary>A packet was given to the runtime.</summary>
    void Sent(MessageKind kind, int bytes);

    /// <summary>
    /// A step is done, and none of its effects is carried out yet. <paramref name="happened"/> is null for a packet:
    /// an event that carries it would have to be made for this call alone.
    /// </summary>
    void Stepped(
        Event<TIdentity>? happened,
        State<TIdentity> before,
        State<TIdentity> after,
        in Effects<TIdentity> effects
    );
}
