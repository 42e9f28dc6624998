using Swim.Core;
using Swim.Recording.Format;

namespace Swim.Recording;

/// <summary>The header of a recording.</summary>
/// <param name="StartedAt">The time at which it began, in microseconds since 1970-01-01 00:00 UTC.</param>
/// <param name="IdentityKind">The type of the identities of its members, such as <c>NodeIdentity</c>.</param>
/// <param name="ProductVersion">The version of this library that wrote it.</param>
internal sealed record RecordingHeader(long StartedAt, string IdentityKind, string ProductVersion);

/// <summary>One entry of a recording, about one member.</summary>
/// <param name="Number">The number of the entry, counted from 1; the header does not count.</param>
/// <param name="Member">The number of the member; a live node is member 0.</param>
/// <param name="Microseconds">The time since the recording began.</param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal abstract record RecordingEntry<TIdentity>(long Number, int Member, long Microseconds);

/// <summary>
/// A member started: its state is that of <c>State.create</c>. It takes the place of an earlier member with the same
/// number.
/// </summary>
internal sealed record MemberStarted<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    TIdentity Identity,
    ulong RandomSeed,
    SwimConfig Config
) : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>
/// What a member knows. A file that continues another begins with checkpoints instead of starts. The member with that
/// number continues from the checkpoint, whether it had started before or not.
/// </summary>
internal sealed record MemberCheckpoint<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    SwimConfig Config,
    Checkpoint<TIdentity> Image
) : RecordingEntry<TIdentity>(Number, Member, Microseconds)
{
    /// <summary>The identity of the member.</summary>
    public TIdentity Identity => Image.Identity;

    /// <summary>The number of other members that it knows, Down ones included.</summary>
    public int KnownMembers => Image.Members.Length;
}

/// <summary>A member took a step.</summary>
/// <param name="Number">The number of the entry.</param>
/// <param name="Member">The number of the member.</param>
/// <param name="Microseconds">The time since the recording began.</param>
/// <param name="Event">
/// The event. The key of <c>BroadcastAccepted</c> is a <see cref="RecordedKey"/>; payloads are zeros of the same
/// length unless the recording has them.
/// </param>
/// <param name="Answers">What <c>Rules.AcceptsBroadcasts</c> answered during the step, in order.</param>
/// <param name="EffectCount">The number of effects.</param>
/// <param name="Digest">The <see cref="StepDigest{TIdentity}"/> of the state after the step and its effects.</param>
internal sealed record StepTaken<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    Event<TIdentity> Event,
    IReadOnlyList<bool> Answers,
    int EffectCount,
    uint Digest
) : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>A member continues with other parameters (R10.2).</summary>
internal sealed record ConfigChanged<TIdentity>(long Number, int Member, long Microseconds, SwimConfig Config)
    : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>A member ended regularly; one whose process was killed has no such entry.</summary>
internal sealed record MemberStopped<TIdentity>(long Number, int Member, long Microseconds)
    : RecordingEntry<TIdentity>(Number, Member, Microseconds);
