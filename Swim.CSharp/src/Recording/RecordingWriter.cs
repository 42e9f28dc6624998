using Swim.Core;

namespace Swim;

/// <summary>
/// Writes a recording: what each member was told, in the order in which it happened. Every entry is handed to the
/// sink in one write before the method returns, so what a member did before its process was killed is there.
/// </summary>
/// <remarks>
/// For one thread at a time. Times count from the beginning of the recording and never go back. After an
/// exception nothing more can be written: a recording with a gap would not replay.
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
    /// <param name="sink">Where to; closed with the writer. It should not have a buffer of its own.</param>
    /// <param name="codec">How identities look.</param>
    /// <param name="options">What it says of itself, and what it keeps.</param>
    /// <param name="rotation">
    /// How it goes on when a file is full; null if a file has no bound. With it, every method can throw
    /// <see cref="RecordingFullException"/>: what the members know does not fit into a file.
    /// </param>
    /// <exception cref="IOException">The sink takes nothing.</exception>
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
    /// <exception cref="UnauthorizedAccessException">The file may not be made there.</exception>
    public static FileStream CreateFile(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>A member comes to be; also one that starts again under the same number.</summary>
    /// <param name="member">Its number, 0 or more.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="seed">What its random choices come from.</param>
    /// <param name="config">Its parameters.</param>
    public void MemberStarted(int member, long microseconds, TIdentity identity, ulong seed, SwimConfig config)
    {
        // The time is the whole one, not the time since the entry before.
        Begin(EntryKind.MemberStarted, member, microseconds, since: 0);
        _entry.Payload.WriteIdentity(_codec, identity);
        _entry.Payload.UInt64(seed);
        ConfigBytes.Write(_entry.Payload, config);
        End(microseconds);
        _running?.Start(member, config, State.create(identity, seed));
    }

    /// <summary>A member that was there before the recording goes on from what it knows.</summary>
    /// <param name="member">Its number, 0 or more.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="config">Its parameters.</param>
    /// <param name="state">What it knows. Writing it is linear in that.</param>
    public void Checkpoint(int member, long microseconds, SwimConfig config, State<TIdentity> state)
    {
        Begin(EntryKind.Checkpoint, member, microseconds, since: 0);
        _checkpoints.Write(_entry.Payload, config, state);
        End(microseconds);
        _running?.Start(member, config, state);
    }

    /// <summary>A member took a step. To be called before the effects are carried out.</summary>
    /// <param name="member">Its number.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="before">Its state before.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="answers">
    /// What <c>Rules.AcceptsBroadcasts</c> answered during the step, in order; <see cref="BroadcastAnswers{TIdentity}"/>
    /// collects it. Only read during the call.
    /// </param>
    /// <param name="after">Its state after.</param>
    /// <param name="effects">What followed.</param>
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

    /// <summary>A member goes on with other parameters (R10.2).</summary>
    public void ConfigChanged(int member, long microseconds, SwimConfig config)
    {
        Begin(EntryKind.ConfigChanged, member, microseconds, since: _now);
        ConfigBytes.Write(_entry.Payload, config);
        End(microseconds);
        _running?.Configure(member, config);
    }

    /// <summary>A member ends in good order.</summary>
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
            throw new RecordingException("the recording failed before; nothing more can be written to it");
        }

        // Until the entry is out.
        _hasFailed = true;
        ArgumentOutOfRangeException.ThrowIfNegative(member);
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, _now);
        _entry.Begin(kind, member, microseconds - since);
    }

    /// <summary>Hands the entry to the sink at once; if the file has no room for it, to the next one.</summary>
    private void End(long microseconds)
    {
        var entry = _entry.Seal();

        if (_rotation is not null && _fileBytes + entry.Length > _rotation.MaxFileBytes)
        {
            GoOnInNextFile(_rotation, entry.Length);
        }

        _sink.Write(entry);
        _fileBytes += entry.Length;
        _now = microseconds;
        _hasFailed = false;
    }

    /// <summary>
    /// Begins a file that can be replayed without the one before. The members are as they were before the entry
    /// that has no room any more, and that is the first one after the checkpoints.
    /// </summary>
    private void GoOnInNextFile(RecordingRotation rotation, int entryBytes)
    {
        var head = new FileHead<TIdentity>(_options);
        head.Add(_running!, _now, _checkpoints);

        // What has no room is said before anything is done to the file that there is.
        if (head.Length > rotation.MaxHeadBytes || head.Length + entryBytes > rotation.MaxFileBytes)
        {
            throw new RecordingFullException(
                $"what the members know takes {head.Length} bytes, and the next entry {entryBytes}, but a file has room for "
                    + $"{rotation.MaxHeadBytes} at its beginning and {rotation.MaxFileBytes} in all"
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
