using Swim.Core;
using Swim.Recording.Format;

namespace Swim.Recording;

/// <summary>
/// Writes a recording: the events of each member, in their order. Every entry is given to the sink in one write
/// before the method returns, so the recording has all that a member did before its process was killed.
/// </summary>
/// <remarks>
/// For one thread at a time. Times count from the beginning of the recording and never decrease. After an exception
/// nothing more can be written: a recording with a gap would not replay.
/// </remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class RecordingWriter<TIdentity> : IDisposable
{
    private readonly ICodec<TIdentity> _codec;
    private readonly RecordingOptions _options;
    private readonly RecordingRotation? _rotation;
    private readonly RunningMembers<TIdentity>? _running;
    private readonly EventWriter<TIdentity> _events;
    private readonly StepDigest<TIdentity> _digest;
    private readonly CheckpointWriter<TIdentity> _checkpoints;
    private readonly EntryBuffer _entry = new();
    private Stream _sink;
    private long _fileBytes;
    private long _now;
    private bool _hasFailed;

    /// <summary>Begins a recording.</summary>
    /// <param name="sink">The stream to write to, without a buffer of its own; closed with the writer.</param>
    /// <param name="codec">The codec of identities.</param>
    /// <param name="options">What the recording says about itself, and what it keeps.</param>
    /// <param name="rotation">
    /// How the recording continues when a file is full; null if a file has no bound. With it, every method can throw
    /// <see cref="RecordingFullException"/>: the state of the members does not fit into a file.
    /// </param>
    /// <exception cref="IOException">The sink cannot be written to.</exception>
    public RecordingWriter(
        Stream sink,
        ICodec<TIdentity> codec,
        RecordingOptions options,
        RecordingRotation? rotation = null
    )
    {
        _sink = sink;
        _codec = codec;
        _options = options;
        _rotation = rotation;
        _running = rotation is null ? null : new RunningMembers<TIdentity>();
        _events = new EventWriter<TIdentity>(codec, options.KeepsPayloads);
        _digest = new StepDigest<TIdentity>(codec);
        _checkpoints = new CheckpointWriter<TIdentity>(codec, options.KeepsPayloads);
        Begin(new FileHead<TIdentity>(options));
    }

    /// <summary>
    /// A new file for a recording, written without a buffer and open to others for reading.
    /// </summary>
    /// <exception cref="IOException">The file exists already, or cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not make the file.</exception>
    public static FileStream CreateFile(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Records that a member starts, or starts again under the same number.</summary>
    /// <param name="member">The number of the member, 0 or more.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="identity">The identity of the member.</param>
    /// <param name="randomSeed">The seed of its random choices.</param>
    /// <param name="config">The parameters of the member.</param>
    public void MemberStarted(
        int member,
        long microseconds,
        TIdentity identity,
        ulong randomSeed,
        SwimConfig config
    )
    {
        // The time is the whole one, not the time since the entry before.
        Begin(EntryKind.MemberStarted, member, microseconds, since: 0);
        _entry.Payload.WriteIdentity(_codec, identity);
        _entry.Payload.UInt64(randomSeed);
        ConfigBytes.Write(_entry.Payload, config);
        End(microseconds);
        _running?.Start(member, config, State.create(identity, randomSeed));
    }

    /// <summary>Records that a member continues from a state, for one that ran before the recording began.</summary>
    /// <param name="member">The number of the member, 0 or more.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="config">The parameters of the member.</param>
    /// <param name="state">The state of the member. The cost is linear in what it knows.</param>
    public void Checkpoint(int member, long microseconds, SwimConfig config, State<TIdentity> state)
    {
        Begin(EntryKind.Checkpoint, member, microseconds, since: 0);
        _checkpoints.Write(_entry.Payload, config, state);
        End(microseconds);
        _running?.Start(member, config, state);
    }

    /// <summary>Records a step of a member. To be called before the effects are carried out.</summary>
    /// <param name="member">The number of the member.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="before">The state before the step.</param>
    /// <param name="happened">The event.</param>
    /// <param name="answers">
    /// What <c>Rules.AcceptsBroadcasts</c> answered during the step, in order;
    /// <see cref="BroadcastAnswers{TIdentity}"/> collects it. Only read during the call.
    /// </param>
    /// <param name="after">The state after the step.</param>
    /// <param name="effects">The effects of the step.</param>
    public void Stepped(
        int member,
        long microseconds,
        State<TIdentity> before,
        Event<TIdentity> happened,
        IReadOnlyList<bool> answers,
        State<TIdentity> after,
        Effects<TIdentity> effects
    )
    {
        Begin(EntryKind.Step, member, microseconds, since: _now);
        _entry.Payload.Bits(answers);
        _entry.Payload.Varint((ulong)effects.Count);
        _entry.Payload.UInt32(_digest.Compute(after, effects));
        _events.Write(_entry.Payload, before, happened);
        End(microseconds);
        _running?.Become(member, after);
    }

    /// <summary>Records that a member continues with other parameters (R10.2).</summary>
    public void ConfigChanged(int member, long microseconds, SwimConfig config)
    {
        Begin(EntryKind.ConfigChanged, member, microseconds, since: _now);
        ConfigBytes.Write(_entry.Payload, config);
        End(microseconds);
        _running?.Configure(member, config);
    }

    /// <summary>Records that a member ended regularly.</summary>
    public void MemberStopped(int member, long microseconds)
    {
        Begin(EntryKind.MemberStopped, member, microseconds, since: _now);
        End(microseconds);
        _running?.Stop(member);
    }

    /// <summary>Closes the sink.</summary>
    public void Dispose() => _sink.Dispose();

    private void Begin(EntryKind kind, int member, long microseconds, long since)
    {
        if (_hasFailed)
        {
            throw new RecordingException(
                "The recording failed before, and nothing more can be written to it."
            );
        }

        // Until the entry is written.
        _hasFailed = true;
        ArgumentOutOfRangeException.ThrowIfNegative(member);
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, _now);
        _entry.Begin(kind, member, microseconds - since);
    }

    /// <summary>Gives the entry to the sink, or to the next file if this one has no room for it.</summary>
    private void End(long microseconds)
    {
        var entry = _entry.Seal();

        if (_rotation is not null && _fileBytes + entry.Length > _rotation.MaxFileBytes)
        {
            ContinueInNextFile(_rotation, entry.Length);
        }

        _sink.Write(entry);
        _fileBytes += entry.Length;
        _now = microseconds;
        _hasFailed = false;
    }

    /// <summary>
    /// Begins a file that can be replayed without the previous one. Its checkpoints hold the members as they were
    /// before the entry that had no room, which is the first entry after them.
    /// </summary>
    private void ContinueInNextFile(RecordingRotation rotation, int entryBytes)
    {
        var head = new FileHead<TIdentity>(_options);
        head.Add(_running!, _now, _checkpoints);

        // A state without room is reported before the current file is touched.
        if (head.Length > rotation.MaxHeadBytes || head.Length + entryBytes > rotation.MaxFileBytes)
        {
            throw new RecordingFullException(
                $"The state of the members takes {head.Length} bytes, and the next entry {entryBytes}, but a file has room for "
                    + $"{rotation.MaxHeadBytes} at its beginning and {rotation.MaxFileBytes} in all."
            );
        }

        _sink.Dispose();
        _sink = rotation.Next();
        Begin(head);
    }

    private void Begin(FileHead<TIdentity> head)
    {
        head.WriteTo(_sink);
        _fileBytes = head.Length;
    }
}
