using Swim.Core;

namespace Swim;

/// <content>The operations: requests of the caller, packets that arrive, and timers that are due.</content>
public sealed partial class SwimInstance<TIdentity>
{
    /// <summary>Asks to join the cluster that <paramref name="destination"/> belongs to (R8.1).</summary>
    /// <param name="destination">The member to ask. Only its address needs to be right (R9.3).</param>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Announce(TIdentity destination, ISwimRuntime<TIdentity> runtime)
    {
        ThrowIfDefault(destination);
        Ask(Event<TIdentity>.NewAnnounceTo(destination), runtime);
    }

    /// <summary>Sends the updates and custom broadcasts that wait to a few active members now (R8.2).</summary>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Gossip(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.GossipNow, runtime);

    /// <summary>
    /// Sends custom broadcasts, without updates, to a few active members that the handler's filter accepts (R8.3).
    /// </summary>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotConnected"/>: this member has left.</exception>
    public void Broadcast(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.BroadcastNow, runtime);

    /// <summary>
    /// Declares the member's own identity Down and tells a few members (R6.1). Until <see cref="ChangeIdentity"/>
    /// or <see cref="ReuseDownIdentity"/> the member then only answers pings and announces, with its own Down
    /// (R12.6).
    /// </summary>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    public void LeaveCluster(ISwimRuntime<TIdentity> runtime) => Ask(Event<TIdentity>.LeaveCluster, runtime);

    /// <summary>
    /// Continues under another identity, and declares the previous one Down (R6.2). The event
    /// <see cref="SwimEventKind.Active"/> tells that an active member accepted the new identity (R12.2).
    /// </summary>
    /// <param name="identity">The identity to continue with. It should win over the current one (R1.1).</param>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.SameIdentity"/>: the identity is the current one.
    /// </exception>
    public void ChangeIdentity(TIdentity identity, ISwimRuntime<TIdentity> runtime)
    {
        ThrowIfDefault(identity);
        Ask(Event<TIdentity>.NewChangeIdentity(identity), runtime);
    }

    /// <summary>
    /// Lets a Defunct member take part again (R6.3): under a renewed identity if it can be renewed, otherwise
    /// under the same one, which other members accept once they have forgotten it. Announce afterwards (R8.1).
    /// </summary>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <exception cref="SwimException"><see cref="SwimError.NotUndead"/>: this member is not Defunct.</exception>
    public void ReuseDownIdentity(ISwimRuntime<TIdentity> runtime) =>
        Ask(Event<TIdentity>.ReuseDownIdentity, runtime);

    /// <summary>
    /// Applies records from elsewhere, such as the <see cref="MembershipState"/> of another instance or of an
    /// earlier run (R3.4). foca's <c>apply_many</c>.
    /// </summary>
    /// <param name="members">The records, applied in their order.</param>
    /// <param name="disseminate">
    /// Whether to disseminate the records that change the table; false if all members know them already.
    /// </param>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
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

    /// <summary>
    /// Offers an item to the broadcast handler, and disseminates it if the handler finds it fresh (R8.7).
    /// </summary>
    /// <param name="data">The item, from 1 to <see cref="MaxBroadcastSize"/> bytes; it is copied.</param>
    /// <returns>Whether the handler found it fresh.</returns>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.MalformedPacket"/>: the item is empty. <see cref="SwimError.DataTooBig"/>: it fits in no
    /// packet. <see cref="SwimError.CustomBroadcast"/>: the handler rejects it, or there is no handler.
    /// </exception>
    public bool AddBroadcast(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            throw new SwimException(SwimError.MalformedPacket, "The data must have at least 1 byte.");
        }

        if (data.Length > MaxBroadcastSize)
        {
            throw new SwimException(
                SwimError.DataTooBig,
                $"The data has {data.Length} bytes, but a packet of {Config.MaxPacketSize} bytes has room for {MaxBroadcastSize}."
            );
        }

        using var _ = Enter();
        var verdict = _broadcasts.Receive(data, isLocal: true, default, out var key);

        if (verdict == BroadcastVerdict.Invalid)
        {
            throw new SwimException(
                SwimError.CustomBroadcast,
                _broadcasts is NoBroadcasts<TIdentity>
                    ? "Custom broadcasts need a handler: make the instance with WithCustomBroadcast."
                    : "The broadcast handler rejects the data."
            );
        }

        if (key is null)
        {
            return false;
        }

        _driver.Handle(Event<TIdentity>.NewBroadcastAccepted(key, data.ToArray()));
        return true;
    }

    /// <summary>Takes a timer that this instance asked for and that is due (R4.5, R7, R8.4).</summary>
    /// <param name="timer">The timer, as <see cref="ISwimRuntime{TIdentity}.Schedule"/> was given it.</param>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <returns>
    /// <see cref="SwimError.None"/>, or a fault of the host: <see cref="SwimError.IncompleteProbeCycle"/> if it lost
    /// or delayed a timer (R7.2), <see cref="SwimError.NotConnected"/> if it made one up (R7.7).
    /// </returns>
    /// <exception cref="ArgumentException">The timer is the default value.</exception>
    public SwimError HandleTimer(SwimTimer<TIdentity> timer, ISwimRuntime<TIdentity> runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);

        var inner =
            timer.Inner
            ?? throw new ArgumentException("The timer must be one that Schedule was given.", nameof(timer));

        using var _ = Enter();
        return Handle(Event<TIdentity>.NewTimerFired(inner), runtime);
    }

    /// <summary>Takes a packet that arrived (R9). No packet causes an exception.</summary>
    /// <param name="data">The bytes of the packet, read only during the call.</param>
    /// <param name="runtime">Sends packets, sets timers and receives events.</param>
    /// <returns>
    /// <see cref="SwimError.None"/>, or why the packet was refused. A refusal leaves the state as it was, except for
    /// <see cref="SwimError.CustomBroadcast"/>, as the updates before the item were applied, and
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
    /// The new parameters, with the current <see cref="SwimConfig.ProbePeriod"/> and
    /// <see cref="SwimConfig.ProbeRtt"/>, and without a periodic setting that is off now.
    /// </param>
    /// <exception cref="ArgumentException">A field is out of bounds; the message names it and its bound.</exception>
    /// <exception cref="SwimException">
    /// <see cref="SwimError.InvalidConfig"/>: the change needs a new instance. Nothing changed.
    /// </exception>
    public void SetConfig(SwimConfig config)
    {
        config.Validate();
        using var _ = Enter();

        if (_driver.SetConfig(config) != SwimError.None)
        {
            throw new SwimException(
                SwimError.InvalidConfig,
                "ProbePeriod and ProbeRtt cannot change, and periodic settings cannot be switched on, while the member runs."
            );
        }

        _effects.SetMaxPacketSize(config.MaxPacketSize);
    }
}
