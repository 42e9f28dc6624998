using System.Diagnostics.CodeAnalysis;
using Swim.Core;
using Swim.Recording.Format;

namespace Swim.Recording;

/// <summary>Where a recording cannot be read any further, and why.</summary>
/// <param name="Offset">The offset of the first entry that cannot be read, in bytes.</param>
/// <param name="GoodEntries">The number of entries before it, without the header.</param>
/// <param name="Message">All of this in one line, with the name of the recording.</param>
internal sealed record RecordingDamage(long Offset, long GoodEntries, string Message)
{
    public override string ToString() => Message;
}

/// <summary>
/// Reads a recording, entry by entry. Reading ends at the first entry that is damaged, and <see cref="Damage"/> then
/// says where and why.
/// </summary>
/// <remarks>
/// A recording that was cut off right after an entry looks like one that ends there. The only exceptions are
/// those of the stream itself (<see cref="IOException"/>). For one thread at a time.
/// </remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class RecordingReader<TIdentity> : IDisposable
{
    private readonly EntryStream _entries;
    private readonly ICodec<TIdentity> _codec;
    private readonly EventReader<TIdentity> _events;
    private readonly CheckpointReader<TIdentity> _checkpoints;
    private long _now;
    private bool _isOver;

    /// <summary>Reads the header of a recording.</summary>
    /// <param name="source">The recording, from its beginning; closed with the reader.</param>
    /// <param name="codec">The codec of identities.</param>
    /// <param name="name">The name of the recording in messages, such as that of its file.</param>
    public RecordingReader(Stream source, ICodec<TIdentity> codec, string name)
    {
        _entries = new EntryStream(source, name);
        _codec = codec;
        _events = new EventReader<TIdentity>(codec);
        _checkpoints = new CheckpointReader<TIdentity>(codec);
        Header = ReadHeader();
    }

    /// <summary>Opens a file that is a recording.</summary>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static RecordingReader<TIdentity> Open(string path, ICodec<TIdentity> codec) =>
        new(
            // A recording may still be written to while it is read.
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
            codec,
            Path.GetFileName(path)
        );

    /// <summary>The header of the recording; null if it cannot be read.</summary>
    public RecordingHeader? Header { get; }

    /// <summary>The number of entries that were read, without the header.</summary>
    public long GoodEntries { get; private set; }

    /// <summary>Where the recording is damaged; null if it is not, or if its end was not reached yet.</summary>
    public RecordingDamage? Damage { get; private set; }

    /// <summary>All entries that are left. Check <see cref="Damage"/> afterwards.</summary>
    public IEnumerable<RecordingEntry<TIdentity>> ReadAll()
    {
        while (TryRead(out var entry))
        {
            yield return entry;
        }
    }

    /// <summary>Reads the next entry; false at the end, or at damage.</summary>
    public bool TryRead([NotNullWhen(true)] out RecordingEntry<TIdentity>? entry)
    {
        entry = null;

        if (_isOver)
        {
            return false;
        }

        if (!_entries.TryNext(out var payload, out var fault))
        {
            return End(fault);
        }

        if ((entry = Decode(payload)) is null)
        {
            return End("contents");
        }

        _now = entry.Microseconds;
        GoodEntries++;
        return true;
    }

    /// <summary>Closes the source.</summary>
    public void Dispose() => _entries.Dispose();

    private bool End(string? fault)
    {
        _isOver = true;

        if (fault is not null)
        {
            Damage = new RecordingDamage(
                _entries.Offset,
                GoodEntries,
                $"{_entries.Name} is damaged at byte {_entries.Offset}, after {GoodEntries} good {(GoodEntries == 1 ? "entry" : "entries")}: {fault}"
            );
        }

        return false;
    }

    private void Refuse(string message)
    {
        _isOver = true;
        Damage = new RecordingDamage(_entries.Offset, 0, $"{_entries.Name} {message}");
    }

    private RecordingHeader? ReadHeader()
    {
        if (_entries.ReadPrelude() is { } refusal)
        {
            Refuse(refusal);
            return null;
        }

        if (!_entries.TryNext(out var payload, out var fault))
        {
            End(fault ?? EntryStream.CutOff);
            return null;
        }

        var reader = new ByteReader(payload);
        var isHeader = reader.Byte() == (byte)EntryKind.Header;
        var header = new RecordingHeader(reader.Int64(), reader.Text(), reader.Text());

        if (!isHeader || !reader.IsComplete)
        {
            End("contents");
            return null;
        }

        if (header.IdentityKind != typeof(TIdentity).Name)
        {
            Refuse($"has members of kind {header.IdentityKind}, not {typeof(TIdentity).Name}");
        }

        return header;
    }

    private RecordingEntry<TIdentity>? Decode(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new ByteReader(payload);
            var entry = Decode(ref reader);
            return reader.IsComplete ? entry : null;
        }
#pragma warning disable CA1031 // A codec may throw at bytes that it cannot read.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // Arguments are evaluated from left to right, in the order in which they were written.
    private RecordingEntry<TIdentity>? Decode(ref ByteReader reader)
    {
        var number = GoodEntries + 1;
        var kind = (EntryKind)reader.Byte();
        var member = reader.Int32();
        var time = reader.Int64();

        // Entries that a file can begin with have their whole time, all others the time since the entry before.
        if (kind is not (EntryKind.MemberStarted or EntryKind.Checkpoint))
        {
            time = unchecked(time + _now);
        }

        if (time < _now)
        {
            return null;
        }

        switch (kind)
        {
            case EntryKind.MemberStarted:
                return new MemberStarted<TIdentity>(
                    number,
                    member,
                    time,
                    reader.ReadIdentity(_codec),
                    reader.UInt64(),
                    ConfigBytes.Read(ref reader)
                );
            case EntryKind.Step:
                var answers = reader.Bits();
                var count = reader.Int32();
                var digest = reader.UInt32();
                return _events.Read(ref reader) is { } happened
                    ? new StepTaken<TIdentity>(number, member, time, happened, answers, count, digest)
                    : null;
            case EntryKind.ConfigChanged:
                return new ConfigChanged<TIdentity>(number, member, time, ConfigBytes.Read(ref reader));
            case EntryKind.MemberStopped:
                return new MemberStopped<TIdentity>(number, member, time);
            case EntryKind.Checkpoint:
                return new MemberCheckpoint<TIdentity>(
                    number,
                    member,
                    time,
                    ConfigBytes.Read(ref reader),
                    _checkpoints.Read(ref reader)
                );
            default:
                return null;
        }
    }
}
