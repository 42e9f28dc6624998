namespace Swim;

/// <summary>
/// What a <see cref="SwimInstance{TIdentity}"/> needs of the world: it asks for things in the order they
/// happened, during each operation. foca's <c>Runtime</c>.
/// </summary>
/// <remarks>The methods must not call the instance that calls them; queue what they start.</remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public interface ISwimRuntime<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    /// <summary>Something happened that a user would want to know. May be ignored.</summary>
    void Notify(in SwimEvent<TIdentity> occurred);

    /// <summary>Sends a packet; it may get lost.</summary>
    /// <param name="destination">Who it is meant for.</param>
    /// <param name="data">The packet. Only valid during the call.</param>
    void SendTo(TIdentity destination, ReadOnlySpan<byte> data);

    /// <summary>
    /// Asks for <paramref name="timer"/> to be given to <c>HandleTimer</c> once, after that long. Lateness is
    /// tolerated, loss is not.
    /// </summary>
    void Schedule(SwimTimer<TIdentity> timer, TimeSpan after);
}
