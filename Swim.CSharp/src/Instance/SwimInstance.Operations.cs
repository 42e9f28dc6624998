using Swim.Core;

namespace Swim;

/// <content>The operations: what a caller asks for, and what the world brings.</content>
public sealed partial class SwimInstance<TIdentity>
{
    /// <summary>Asks to join the cluster that <paramref name="destination"/> belongs to (R8.1).</summary>
    /// <param name="destination">Someone to ask; only its address needs to be right.</param>
    /// <param name="runtime">Carries out what follows.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Announce(TIdentity destination, ISwimRuntime<TIdentity> runtime)
    {
        ThrowIfNobody(destination);
        Ask(Event<TIdentity>.NewAnnounceTo(destination), runtime);
    }

    /// <summary>Sends what waits to a few active members now (R8.2).</summary>
    /// <param name="runtime">Carries out what follows.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Gossip(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.GossipNow, runtime);

    /// <summary>
    /// Sends custom broadcasts, without updates, to a few active members that the handler lets have them
    /// (R8.3).
    /// </summary>
    /// <param name="runtime">Carries out what follows.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Broadcast(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.BroadcastNow, runtime);

    /// <summary>
    /// Declares our own identity down and tells a few members (R6.1). From then on this member is silent but
    /// for telling whoever asks that it is gone, until <see cref="ChangeIdentity"/> or
    /// <see cref="ReuseDownIdentity"/> (R12.6).
    /// </summary>
    /// <param name="runtime">Carries out what follows.</param>
    public void LeaveCluster(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.LeaveCluster, runtime);

    /// <summary>
    /// Goes on under another identity, declaring the previous one down (R6.2). That it worked shows when
    /// <see cref="SwimEventKind.Active"/> comes.
    /// </summary>
    /// <param name="identity">The identity to use; it should win over the current one.</param>
    /// <param name="runtime">Carries out what follows.</param>
    /// <exception cref="SwimException"><see cref="SwimError.SameIdentity"/>: it is in use already.</exception>
    public void ChangeIdentity(TIdentity identity, ISwimRuntime<TIdentity> runtime)
    {
        ThrowIfNobody(identity);
        Ask(Event<TIdentity>.NewChangeIdentity(identity), runtime);
    }

    /// <summary>
    /// Allows a defunct member to take part again (R6.3): under a renewed identity if it can be renewed, else
    /// under the same one, which others accept once they forgot it. Then announce.
    /// </summary>
    /// <param name="runtime">Carries out what follows.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotUndead"/>: this member is not defunct.</exception>
    public void ReuseDownIdentity(ISwimRuntime<TIdentity> runtime) =>
        Ask(Event<TIdentity>.ReuseDownIdentity, runtime);

    /// <summary>
    /// Takes in knowledge from elsewhere, such as the <see cref="MembershipState"/> of another instance or of
    /// an earlier run (R3.4).
    /// </summary>
    /// <param name="members">The records.</param>
    /// <param name="disseminate">Whether to disseminate what is new; false for what everyone knows already.</param>
    /// <param name="runtime">Carries out what follows.</param>
    public void ApplyMany(
        IEnumerable<MemberRecord<TIdentity>> members,
        bool disseminate,
        ISwimRuntime<TIdentity> runtime
    )
    {
        ArgumentNullException.ThrowIfNull(members);
        var records = members.Select(CheckedRecord).ToArray();
        Ask(Event<TIdentity>.NewApplyMany(records, disseminate), runtime);
    }

    /// <summary>Gives data of our own to the broadcast handler, to be disseminated if it is fresh (R8.7).</summary>
    /// <param name="data">1 to <see cref="MaxBroadcastSize"/> bytes; copied.</param>
    /// <returns>Whether the handler found it fresh.</returns>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.MalformedPacket"/>: it is empty. <see cref="SwimError.DataTooBig"/>: it fits in no
    /// packet. <see cref="SwimError.CustomBroadcast"/>: the handler rejects it, or there is none.
    /// </exception>
    public bool AddBroadcast(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            throw new SwimException(SwimError.MalformedPacket, "data must have at least 1 byte");
        }

        if (data.Length > MaxBroadcastSize)
        {
            throw new SwimException(
                SwimError.DataTooBig,
                $"data has {data.Length} bytes, but packets of {Config.MaxPacketSize} bytes have room for {MaxBroadcastSize}"
            );
        }

        using var _ = Enter();
        var verdict = _broadcasts.Receive(data, isLocal: true, default, out var key);

        if (verdict == BroadcastVerdict.Invalid)
        {
            throw new SwimException(
                SwimError.CustomBroadcast,
                _broadcasts is NoBroadcasts<TIdentity>
                    ? "custom broadcasts need a handler: use WithCustomBroadcast"
                    : "the broadcast handler rejects the data"
            );
        }

        if (key is null)
        {
            return false;
        }

        _driver.Handle(Event<TIdentity>.NewBroadcastAccepted(key, data.ToArray()));
        return true;
    }

    /// <summary>A timer that this instance asked for is due (R4.5, R7, R8.4).</summary>
    /// <param name="timer">As given to <see cref="ISwimRuntime{TIdentity}.Schedule"/>.</param>
    /// <param name="runtime">Carries out what follows.</param>
    /// <returns>
    /// <see cref="SwimError.None"/>, or what the timer brought to light: <see cref="SwimError.IncompleteProbeCycle"/>
    /// and <see cref="SwimError.NotConnected"/> are faults of the host.
    /// </returns>
    /// <exception cref="ArgumentException">The timer is the default value, which no instance asks for.</exception>
    public SwimError HandleTimer(SwimTimer<TIdentity> timer, ISwimRuntime<TIdentity> runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var inner = timer.Inner ?? throw new ArgumentException("must come from Schedule", nameof(timer));
        using var _ = Enter();
        return Handle(Event<TIdentity>.NewTimerFired(inner), runtime);
    }

    /// <summary>A packet arrived (R9). Whatever it holds, nothing is thrown because of it.</summary>
    /// <param name="data">The packet. Only read during the call.</param>
    /// <param name="runtime">Carries out what follows.</param>
    /// <returns>
    /// <see cref="SwimError.None"/>, or why the packet was refused. All leave the state as it was but two:
    /// <see cref="SwimError.CustomBroadcast"/>, as the updates before the item were good, and
    /// <see cref="SwimError.Encode"/>, which is about an answer.
    /// </returns>
    public SwimError HandleData(ReadOnlySpan<byte> data, ISwimRuntime<TIdentity> runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using var _ = Enter();

        if (data.Length > Config.MaxPacketSize)
        {
            return SwimError.DataTooBig;
        }

        var error = _codec.Decode(data, out var packet);

        if (error != SwimError.None)
        {
            return error;
        }

        _effects.Watcher?.Received(packet.Header.Kind, data.Length);
        return Handle(Event<TIdentity>.NewPacketReceived(packet), runtime);
    }

    /// <summary>Changes the parameters of a running member (R10.2).</summary>
    /// <param name="config">
    /// The new parameters: <see cref="SwimConfig.ProbePeriod"/> and <see cref="SwimConfig.ProbeRtt"/> as before,
    /// and no periodic setting that was off.
    /// </param>
    /// <exception cref="ArgumentException">A field is out of bounds; the message says where.</exception>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.InvalidConfig"/>: a change that needs a new instance. Nothing changed.
    /// </exception>
    public void SetConfig(SwimConfig config)
    {
        config.Validate();
        using var _ = Enter();

        if (_driver.SetConfig(config) != SwimError.None)
        {
            throw new SwimException(
                SwimError.InvalidConfig,
                "ProbePeriod and ProbeRtt cannot change, and periodic settings cannot be switched on, while running"
            );
        }

        _effects.SetMaxPacketSize(config.MaxPacketSize);
    }
}
