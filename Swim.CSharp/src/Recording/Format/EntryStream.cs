namespace Swim.Recording.Format;

/// <summary>Splits a stream into the payloads of entries, and checks their lengths and checksums.</summary>
internal sealed class EntryStream : IDisposable
{
    /// <summary>The fault of an entry whose end is missing.</summary>
    public const string CutOff = "cut off";

    private readonly BufferedStream _source;
    private byte[] _payload = new byte[4096];
    private long _read;

    public EntryStream(Stream source, string name)
    {
        _source = new BufferedStream(source, 1 << 16);
        Name = name;
    }

    /// <summary>The name of the recording in messages.</summary>
    public string Name { get; }

    /// <summary>The offset at which the last entry that was read begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads what precedes the first entry. Returns what is wrong with it, or null.</summary>
    public string? ReadPrelude()
    {
        Span<byte> prelude = stackalloc byte[RecordingFormat.PreludeSize];
        var length = _source.ReadAtLeast(prelude, prelude.Length, throwOnEndOfStream: false);
        _read += length;

        if (length < prelude.Length || !prelude.StartsWith(RecordingFormat.Magic))
        {
            return "is no recording: it does not begin with SWIMREC";
        }

        return prelude[^1] == RecordingFormat.Version
            ? null
            : $"is a recording of version {prelude[^1]}; only version {RecordingFormat.Version} can be read";
    }

    /// <summary>
    /// Reads the next payload, which is valid until the next call. False at the end of the stream, without a fault if
    /// the stream ends after a whole entry.
    /// </summary>
    public bool TryNext(out ReadOnlySpan<byte> payload, out string? fault)
    {
        payload = default;
        Offset = _read;

        if (!TryReadLength(out var length, out fault))
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[RecordingFormat.ChecksumSize];

        if (!TryFill(prefix) || !TryReadPayload(length))
        {
            fault = CutOff;
            return false;
        }

        var checksum = new ByteReader(prefix).UInt32();
        payload = _payload.AsSpan(0, length);
        fault = Crc32C.Of(payload) == checksum ? null : "checksum";
        return fault is null;
    }

    public void Dispose() => _source.Dispose();

    private bool TryReadLength(out int length, out string? fault)
    {
        length = 0;
        fault = null;

        for (var shift = 0; shift < 35; shift += 7)
        {
            var octet = _source.ReadByte();

            if (octet < 0)
            {
                fault = _read == Offset ? null : CutOff;
                return false;
            }

            _read++;
            length |= (octet & 0x7F) << shift;

            if (octet < 0x80)
            {
                // A last byte of zero would be a second form of the same length.
                var isGood = octet > 0 && length is > 0 and <= RecordingFormat.MaxPayloadSize;
                fault = isGood ? null : "length";
                return fault is null;
            }
        }

        fault = "length";
        return false;
    }

    // The buffer grows by what is there, not by what the length claims.
    private bool TryReadPayload(int length)
    {
        for (var have = 0; have < length; )
        {
            if (have == _payload.Length)
            {
                Array.Resize(ref _payload, Math.Min(length, have * 2));
            }

            var part = _payload.AsSpan(have, Math.Min(_payload.Length, length) - have);

            if (!TryFill(part))
            {
                return false;
            }

            have += part.Length;
        }

        return true;
    }

    private bool TryFill(Span<byte> part)
    {
        var length = _source.ReadAtLeast(part, part.Length, throwOnEndOfStream: false);
        _read += length;
        return length == part.Length;
    }
}
