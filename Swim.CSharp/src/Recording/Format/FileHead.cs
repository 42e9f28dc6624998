using System.Buffers;

namespace Swim.Recording.Format;

/// <summary>
/// The beginning of a file of a recording: magic, version, header, and checkpoints of members that continue.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class FileHead<TIdentity>
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly EntryBuffer _entry = new();

    /// <summary>The head of the first file.</summary>
    public FileHead(RecordingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.StartedAt);
        _bytes.Write(RecordingFormat.Magic);
        _bytes.Write([RecordingFormat.Version]);
        _entry.Begin(EntryKind.Header);
        _entry.Payload.Varint((ulong)options.StartedAt);
        _entry.Payload.Text(typeof(TIdentity).Name);
        _entry.Payload.Text(options.ProductVersion);
        _bytes.Write(_entry.Seal());
    }

    /// <summary>The number of its bytes.</summary>
    public long Length => _bytes.WrittenCount;

    /// <summary>Adds a checkpoint of each member.</summary>
    /// <param name="members">The members that continue in this file.</param>
    /// <param name="microseconds">The time since the recording began.</param>
    /// <param name="checkpoints">The writer of checkpoints.</param>
    public void Add(
        RunningMembers<TIdentity> members,
        long microseconds,
        CheckpointWriter<TIdentity> checkpoints
    )
    {
        foreach (var (member, config, state) in members.All)
        {
            _entry.Begin(EntryKind.Checkpoint, member, microseconds);
            checkpoints.Write(_entry.Payload, config, state);
            _bytes.Write(_entry.Seal());
        }
    }

    /// <summary>Writes all of it to a stream in one write.</summary>
    public void WriteTo(Stream sink) => sink.Write(_bytes.WrittenSpan);
}
