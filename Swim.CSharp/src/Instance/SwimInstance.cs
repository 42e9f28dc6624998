using System.Diagnostics.CodeAnalysis;
using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim;

/// <summary>
/// One member of a cluster, without any I/O: whoever embeds it brings packets and timers, and carries out
/// what it asks of the <see cref="ISwimRuntime{TIdentity}"/>. foca's <c>Foca</c>, operation by operation.
/// </summary>
/// <remarks>
/// Drive it from one thread at a time. Everything that only reads may be called from any thread at any time
/// and sees one consistent state. Data from the network is answered by an error code, never an exception;
/// misuse by the caller throws. What a user's identity throws passes through and leaves the state as it was;
/// what a runtime throws passes through once all that followed from the operation was handed to it.
/// </remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public sealed partial class SwimInstance<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private readonly PacketCodec<TIdentity> _codec;
    private readonly BroadcastAdapter<TIdentity> _broadcasts;
    private readonly InstanceEffects<TIdentity> _effects;
    private readonly MemberDriver<TIdentity> _driver;
    private bool _busy;

    /// <summary>Makes a member that knows nobody and rejects custom broadcasts. foca's <c>new</c>.</summary>
    /// <param name="identity">Who it is. A process that restarts needs a newer identity (R12.12).</param>
    /// <param name="config">The parameters; checked.</param>
    /// <param name="codec">How packets look.</param>
    /// <param name="seed">
    /// Fixes every random choice. Give each member another one, or members will choose alike.
    /// </param>
    /// <exception cref="ArgumentException">The configuration is out of bounds; the message says where.</exception>
    public SwimInstance(TIdentity identity, SwimConfig config, ICodec<TIdentity> codec, ulong seed)
        : this(identity, config, codec, seed, new NoBroadcasts<TIdentity>()) { }

    private SwimInstance(
        TIdentity identity,
        SwimConfig config,
        ICodec<TIdentity> codec,
        ulong seed,
        BroadcastAdapter<TIdentity> broadcasts
    )
    {
        ThrowIfNobody(identity);
        ArgumentNullException.ThrowIfNull(codec);
        config.Validate();
        _codec = new PacketCodec<TIdentity>(codec);
        _broadcasts = broadcasts;
        _effects = new InstanceEffects<TIdentity>(_codec, broadcasts, config.MaxPacketSize);

        _driver = new MemberDriver<TIdentity>(
            new Rules<TIdentity>(
                config,
                IdentityOperations<TIdentity>.Instance,
                _codec,
                FuncConvert.FromFunc<TIdentity, bool>(broadcasts.ShouldAdd)
            ),
            State.create(identity, seed),
            new StepRunner<TIdentity>(),
            _effects
        );
    }

    /// <summary>Makes a member with a handler for custom broadcasts. foca's <c>with_custom_broadcast</c>.</summary>
    /// <typeparam name="TKey">What the handler calls items.</typeparam>
    /// <inheritdoc cref="SwimInstance{TIdentity}(TIdentity, SwimConfig, ICodec{TIdentity}, ulong)"/>
    [SuppressMessage("Design", "CA1000", Justification = "The key is a type of this one constructor only.")]
    public static SwimInstance<TIdentity> WithCustomBroadcast<TKey>(
        TIdentity identity,
        SwimConfig config,
        ICodec<TIdentity> codec,
        ulong seed,
        IBroadcastHandler<TIdentity, TKey> handler
    )
        where TKey : IInvalidates<TKey>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new SwimInstance<TIdentity>(
            identity,
            config,
            codec,
            seed,
            new HandlerBroadcasts<TIdentity, TKey>(handler)
        );
    }

    /// <summary>All that this member knows, at one moment.</summary>
    public SwimSnapshot<TIdentity> Snapshot => new(_driver.State);

    /// <summary>Who we are. foca's <c>identity</c>.</summary>
    public TIdentity Identity => _driver.State.Identity;

    /// <summary>Our part in the cluster.</summary>
    public ConnectionState ConnectionState => _driver.State.Connection;

    /// <summary>The parameters.</summary>
    public SwimConfig Config => _driver.Rules.Config;

    /// <summary>The active members, without ourselves, at this moment. foca's <c>iter_members</c>.</summary>
    public IReadOnlyList<MemberRecord<TIdentity>> Members => Snapshot.Members;

    /// <summary>How many members are active, without ourselves. foca's <c>num_members</c>.</summary>
    public int MemberCount => _driver.State.Members.ActiveCount;

    /// <summary>
    /// All members, the Down ones included, to be given to another instance's <see cref="ApplyMany"/>. See
    /// foca's <c>iter_membership_driver.State</c>.
    /// </summary>
    public IReadOnlyList<MemberRecord<TIdentity>> MembershipState => Snapshot.MembershipState;

    /// <summary>How many updates wait to be disseminated. foca's <c>updates_backlog</c>.</summary>
    public int UpdatesBacklog => _driver.State.Updates.Count;

    /// <summary>
    /// How many custom broadcasts wait to be disseminated. foca's <c>custom_broadcast_backlog</c>.
    /// </summary>
    public int CustomBroadcastBacklog => _driver.State.Broadcasts.Count;

    /// <summary>The largest custom broadcast that a packet can carry now, in bytes; below 1 if none can.</summary>
    public int MaxBroadcastSize => Protocol.maxBroadcastSize(_driver.Rules, _driver.State);

    /// <summary>What the broadcast handler threw when it last failed on data from the network, if ever.</summary>
    public Exception? LastBroadcastException => _effects.LastBroadcastException;
}
