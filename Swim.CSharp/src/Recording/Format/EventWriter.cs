using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// Writes events. The last part of an event (the frame of a packet, a payload) has no length: it extends to the end
/// of the entry.
/// </summary>
/// <param name="codec">The codec of identities.</param>
/// <param name="keepsPayloads">Whether custom broadcasts are written as they are, or as zeros.</param>
internal sealed class EventWriter<TIdentity>(ICodec<TIdentity> codec, bool keepsPayloads)
{
    private readonly PacketCodec<TIdentity> _packets = new(codec);
    private readonly List<bool> _invalidated = [];
    private ReadOnlyMemory<byte>[] _blanks = [];
    private byte[] _zeros = [];

    /// <summary>Writes what happened to a member.</summary>
    /// <param name="writer">The buffer to write to.</param>
    /// <param name="before">The state of the member before the event.</param>
    /// <param name="happened">The event.</param>
    /// <exception cref="RecordingException">The format, or a packet, cannot hold the event.</exception>
    public void Write(ByteWriter writer, State<TIdentity> before, in Event<TIdentity> happened)
    {
        writer.Byte((byte)EventKinds.Of(happened));

        switch (EventKinds.Of(happened))
        {
            case EventKind.PacketReceived:
                WriteFrame(writer, happened.packet);
                break;
            case EventKind.TimerFired:
                writer.WriteTimer(codec, happened.timer!);
                break;
            case EventKind.AnnounceTo:
                writer.WriteIdentity(codec, happened.destination!);
                break;
            case EventKind.ChangeIdentity:
                writer.WriteIdentity(codec, happened.next!);
                break;
            case EventKind.ApplyMany:
                writer.Flag(happened.disseminate);
                writer.WriteRecords(codec, happened.updates);
                break;
            case EventKind.HealthObserved:
                writer.Flag(happened.isHealthy);
                break;
            case EventKind.BroadcastAccepted:
                writer.Bits(AnswersOf(happened.key!, before));
                writer.Bytes(keepsPayloads ? happened.payload.Span : Zeros(happened.payload.Length));
                break;
        }
    }

    private void WriteFrame(ByteWriter writer, Packet<TIdentity> packet)
    {
        RequireForm(packet);

        if (!keepsPayloads && packet.Broadcasts.Count > 0)
        {
            packet = new Packet<TIdentity>(packet.Header, packet.Updates, Blank(packet.Broadcasts));
        }

        int length;

        while (!_packets.TryEncode(packet, writer.Free, out length))
        {
            writer.Grow();
        }

        writer.Take(length);
    }

    /// <summary>Refuses a packet that has no encoding. A packet that was decoded always has one.</summary>
    private static void RequireForm(in Packet<TIdentity> packet)
    {
        var kind = packet.Header.Kind;

        var isGood =
            (Message.carriesBroadcasts(kind) || packet.Broadcasts.Count == 0)
            && (kind is not (MessageKind.Announce or MessageKind.Broadcast) || packet.Updates.Count == 0)
            && (kind != MessageKind.TurnUndead || packet.Updates.Count <= 1)
            && packet.Updates.Count <= ushort.MaxValue;

        foreach (var payload in packet.Broadcasts.AsSpan())
        {
            isGood &= payload.Length is > 0 and <= ushort.MaxValue;
        }

        if (!isGood)
        {
            throw new RecordingException(
                $"A packet that has no encoding cannot be recorded: {packet.Header}."
            );
        }
    }

    /// <summary>What the key answers about each waiting item, from the last slot to the first.</summary>
    private List<bool> AnswersOf(BroadcastKey key, State<TIdentity> before)
    {
        var waiting = before.Broadcasts.Entries;
        _invalidated.Clear();

        for (var slot = waiting.Count - 1; slot >= 0; slot--)
        {
            _invalidated.Add(key.Invalidates(waiting[slot]!.Item.Key));
        }

        return _invalidated;
    }

    private ArraySegment<ReadOnlyMemory<byte>> Blank(ArraySegment<ReadOnlyMemory<byte>> payloads)
    {
        if (_blanks.Length < payloads.Count)
        {
            _blanks = new ReadOnlyMemory<byte>[payloads.Count * 2];
        }

        // Makes room for the longest first, so that all are parts of the same zeros.
        foreach (var payload in payloads.AsSpan())
        {
            Zeros(payload.Length);
        }

        for (var index = 0; index < payloads.Count; index++)
        {
            _blanks[index] = _zeros.AsMemory(0, payloads[index].Length);
        }

        return new ArraySegment<ReadOnlyMemory<byte>>(_blanks, 0, payloads.Count);
    }

    private ReadOnlySpan<byte> Zeros(int length)
    {
        if (_zeros.Length < length)
        {
            _zeros = new byte[Math.Max(length, 2048)];
        }

        return _zeros.AsSpan(0, length);
    }
}
