using System.Buffers.Binary;
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
    // The longest varint of a length, and the checksum.
    private const int MaxPrefixSize = 5 + RecordingFormat.ChecksumSize;

    private readonly Stream _sink;
    private readonly ICodec<TIdentity> _codec;
    private readonly EventWriter<TIdentity> _events;
    private readonly StepDigest<TIdentity> _digest;
    private readonly ByteWriter _writer = new(4096);
    private long _now;
    private bool _hasFailed;

    /// <summary>Begins a recording.</summary>
    /// <param name="sink">Where to; closed with the writer. It should not have a buffer of its own.</param>
    /// <param name="codec">How identities look.</param>
    /// <param name="options">What it says of itself, and what it keeps.</param>
    /// <exception cref="IOException">The sink takes nothing.</exception>
    public RecordingWriter(Stream sink, ICodec<TIdentity> codec, RecordingOptions options)
    {
        _sink = sink;
        _codec = codec;
        _events = new EventWriter<TIdentity>(codec, options.KeepsPayloads);
        _digest = new StepDigest<TIdentity>(codec);
        WriteHeader(options);
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
    public void MemberStarted(int member, long microseconds, TIdentity identity, ulong seed, Config config)
    {
        // The time is the whole one, not the time since the entry before.
        Begin(EntryKind.MemberStarted, member, microseconds, since: 0);
        _writer.WriteIdentity(_codec, identity);
        _writer.UInt64(seed);
        ConfigBytes.Write(_writer, config);
        End(microseconds);
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
        _writer.Bits(answers);
        _writer.Varint((ulong)effects.Count);
        _writer.UInt32(_digest.Compute(after, effects));
        _events.Write(_writer, before, happened);
        End(microseconds);
    }

    /// <summary>A member goes on with other parameters (R10.2).</summary>
    public void ConfigChanged(int member, long microseconds, Config config)
    {
        Begin(EntryKind.ConfigChanged, member, microseconds, since: _now);
        ConfigBytes.Write(_writer, config);
        End(microseconds);
    }

    /// <summary>A member ends in good order.</summary>
    public void MemberStopped(int member, long microseconds)
    {
        Begin(EntryKind.MemberStopped, member, microseconds, since: _now);
        End(microseconds);
    }

    /// <summary>Closes the sink.</summary>
    public void Dispose() => _sink.Dispose();

    private void WriteHeader(RecordingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.StartedAt);
        Span<byte> prelude = stackalloc byte[RecordingFormat.PreludeSize];
        RecordingFormat.Magic.CopyTo(prelude);
        prelude[^1] = RecordingFormat.Version;
        _sink.Write(prelude);

        Begin(EntryKind.Header);
        _writer.Varint((ulong)options.StartedAt);
        _writer.Text(typeof(TIdentity).Name);
        _writer.Text(options.ProductVersion);
        End(0);
    }

    private void Begin(EntryKind kind)
    {
        if (_hasFailed)
        {
            throw new RecordingException("the recording failed before; nothing more can be written to it");
        }

        // Until the entry is out.
        _hasFailed = true;
        _writer.Clear();
        _writer.Take(MaxPrefixSize);
        _writer.Byte((byte)kind);
    }

    private void Begin(EntryKind kind, int member, long microseconds, long since)
    {
        Begin(kind);
        ArgumentOutOfRangeException.ThrowIfNegative(member);
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, _now);
        _writer.Varint((ulong)member);
        _writer.Varint((ulong)(microseconds - since));
    }

    /// <summary>Puts length and checksum before the payload and hands all of it to the sink at once.</summary>
    private void End(long microseconds)
    {
        var entry = _writer.Written;
        var payload = entry[MaxPrefixSize..];

        if (payload.Length > RecordingFormat.MaxPayloadSize)
        {
            throw new RecordingException(
                $"an entry of a recording has at most {RecordingFormat.MaxPayloadSize} bytes, but this one has {payload.Length}"
            );
        }

        var start = MaxPrefixSize - RecordingFormat.ChecksumSize - VarintSize(payload.Length);
        var length = (uint)payload.Length;

        for (var at = start; ; at++)
        {
            entry[at] = (byte)(length > 0x7F ? length | 0x80 : length);
            length >>= 7;

            if (length == 0)
            {
                break;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(
            entry[(MaxPrefixSize - RecordingFormat.ChecksumSize)..],
            Crc32C.Of(payload)
        );

        _sink.Write(entry[start..]);
        _now = microseconds;
        _hasFailed = false;
    }

    private static int VarintSize(int value)
    {
        var size = 1;

        for (; value > 0x7F; value >>= 7)
        {
            size++;
        }

        return size;
    }
}
