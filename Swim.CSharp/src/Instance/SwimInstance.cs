using System.Diagnostics.CodeAnalysis;
using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim;

/// <summary>
/// One member of a cluster, without any I/O: the caller gives it packets and timers that are due, and carries
/// out what it asks of the <see cref="ISwimRuntime{TIdentity}"/>. foca's <c>Foca</c>, operation by operation.
/// </summary>
/// <remarks>
/// Drive it from one thread at a time. Any thread may read its properties at any time, and sees one consistent
/// state. Data from the network gives an error code, never an exception; misuse by the caller throws. An
/// exception of the user's identity passes through and leaves the state as it was. An exception of the runtime
/// passes through after the runtime was given everything that the operation caused.
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

    /// <summary>
    /// Makes a member that knows no other member and rejects custom broadcasts. foca's <c>new</c>.
    /// </summary>
    /// <param name="identity">The identity of the member. A process that restarts needs a newer one (R12.12).</param>
    /// <param name="config">The parameters of the protocol, the same for all members of a cluster.</param>
    /// <param name="codec">The codec of headers and member records, the same for all members of a cluster.</param>
    /// <param name="randomSeed">
    /// The seed of every random choice that the member makes. Members with one random seed choose alike, so give
    /// each member another one.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The identity is the default value, or a field of the configuration is out of bounds; the message names it.
    /// </exception>
    public SwimInstance(TIdentity identity, SwimConfig config, ICodec<TIdentity> codec, ulong randomSeed)
        : this(identity, config, codec, randomSeed, new NoBroadcasts<TIdentity>()) { }

    private SwimInstance(
        TIdentity identity,
        SwimConfig config,
        ICodec<TIdentity> codec,
        ulong randomSeed,
        BroadcastAdapter<TIdentity> broadcasts
    )
    {
        ThrowIfDefault(identity);
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
            State.create(identity, randomSeed),
            new StepRunner<TIdentity>(),
            _effects
        );
    }

    /// <summary>Makes a member with a handler for custom broadcasts. foca's <c>with_custom_broadcast</c>.</summary>
    /// <param name="identity">The identity of the member. A process that restarts needs a newer one (R12.12).</param>
    /// <param name="config">The parameters of the protocol, the same for all members of a cluster.</param>
    /// <param name="codec">The codec of headers and member records, the same for all members of a cluster.</param>
    /// <param name="randomSeed">
    /// The seed of every random choice that the member makes. Members with one random seed choose alike, so give
    /// each member another one.
    /// </param>
    /// <param name="handler">Receives the custom broadcasts and tells new ones from known ones.</param>
    /// <typeparam name="TKey">The key by which the handler names an item.</typeparam>
    /// <exception cref="ArgumentException">
    /// The identity is the default value, or a field of the configuration is out of bounds; the message names it.
    /// </exception>
    [SuppressMessage("Design", "CA1000", Justification = "The key is a type of this one constructor only.")]
    public static SwimInstance<TIdentity> WithCustomBroadcast<TKey>(
        TIdentity identity,
        SwimConfig config,
        ICodec<TIdentity> codec,
        ulong randomSeed,
        IBroadcastHandler<TIdentity, TKey> handler
    )
        where TKey : IInvalidates<TKey>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new SwimInstance<TIdentity>(
            identity,
            config,
            codec,
            randomSeed,
            new HandlerBroadcasts<TIdentity, TKey>(handler)
        );
    }

    /// <summary>All that this member knows at this moment. Taking it costs nothing.</summary>
    public SwimSnapshot<TIdentity> Snapshot => new(_driver.State);

    /// <summary>The identity of this member. foca's <c>identity</c>.</summary>
    public TIdentity Identity => _driver.State.Identity;

    /// <summary>Whether this member is Idle, Active or Defunct (R4.1).</summary>
    public ConnectionState ConnectionState => _driver.State.Connection;

    /// <summary>The current parameters of the protocol (R10).</summary>
    public SwimConfig Config => _driver.Rules.Config;

    /// <summary>The other active members at this moment. foca's <c>iter_members</c>.</summary>
    public IReadOnlyList<MemberRecord<TIdentity>> Members => Snapshot.Members;

    /// <summary>The number of other active members. foca's <c>num_members</c>.</summary>
    public int MemberCount => _driver.State.Members.ActiveCount;

    /// <summary>
    /// The records of all other members, Down ones included, for <see cref="ApplyMany"/> of another instance.
    /// foca's <c>iter_membership_state</c>.
    /// </summary>
    public IReadOnlyList<MemberRecord<TIdentity>> MembershipState => Snapshot.MembershipState;

    /// <summary>The number of updates that wait to be disseminated. foca's <c>updates_backlog</c>.</summary>
    public int UpdatesBacklog => _driver.State.Updates.Count;

    /// <summary>
    /// The number of custom broadcasts that wait to be disseminated. foca's <c>custom_broadcast_backlog</c>.
    /// </summary>
    public int CustomBroadcastBacklog => _driver.State.Broadcasts.Count;

    /// <summary>
    /// The size of the largest custom broadcast that can be added now, in bytes; less than 1 if none can (R8.7).
    /// </summary>
    public int MaxBroadcastSize => Protocol.maxBroadcastSize(_driver.Rules, _driver.State);

    /// <summary>
    /// The last exception that the broadcast handler threw on data from the network; null if it threw none (R9.5).
    /// </summary>
    public Exception? LastBroadcastException => _effects.LastBroadcastException;
}
