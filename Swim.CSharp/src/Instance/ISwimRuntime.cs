namespace Swim;

/// <summary>
/// What a <see cref="SwimInstance{TIdentity}"/> needs from its host. During each operation the instance calls the
/// methods in the order of its effects. foca's <c>Runtime</c>.
/// </summary>
/// <remarks>The methods must not call the instance that calls them; queue such calls.</remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public interface ISwimRuntime<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    /// <summary>Tells of a change of a record, or of this member itself (R3.3). May be ignored.</summary>
    /// <param name="occurred">The event.</param>
    void Notify(in SwimEvent<TIdentity> occurred);

    /// <summary>Sends a packet, which may be lost.</summary>
    /// <param name="destination">The member to send it to.</param>
    /// <param name="data">The bytes of the packet, valid only during the call.</param>
    void SendTo(TIdentity destination, ReadOnlySpan<byte> data);

    /// <summary>
    /// Asks for <paramref name="timer"/> to be given to <see cref="SwimInstance{TIdentity}.HandleTimer"/> once, when
    /// it is due. A late timer is tolerated, a lost one is not.
    /// </summary>
    /// <param name="timer">The timer to give back.</param>
    /// <param name="after">The time until it is due.</param>
    void Schedule(SwimTimer<TIdentity> timer, TimeSpan after);
}
