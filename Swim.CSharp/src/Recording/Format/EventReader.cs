using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// Reads what <see cref="EventWriter{TIdentity}"/> wrote. The events share no memory with the reader.
/// </summary>
internal sealed class EventReader<TIdentity>(ICodec<TIdentity> codec)
{
    private readonly PacketCodec<TIdentity> _packets = new(codec);

    /// <summary>Reads an event, which ends where the bytes do; null if it cannot be read.</summary>
    public Event<TIdentity>? Read(ref ByteReader reader)
    {
        switch ((EventKind)reader.Byte())
        {
            case EventKind.PacketReceived when !reader.Failed:
                return ReadFrame(ref reader);
            case EventKind.TimerFired:
                return reader.ReadTimer(codec) is { } timer ? Event<TIdentity>.NewTimerFired(timer) : null;
            case EventKind.AnnounceTo:
                return Event<TIdentity>.NewAnnounceTo(reader.ReadIdentity(codec));
            case EventKind.GossipNow:
                return Event<TIdentity>.GossipNow;
            case EventKind.BroadcastNow:
                return Event<TIdentity>.BroadcastNow;
            case EventKind.LeaveCluster:
                return Event<TIdentity>.LeaveCluster;
            case EventKind.ChangeIdentity:
                return Event<TIdentity>.NewChangeIdentity(reader.ReadIdentity(codec));
            case EventKind.ReuseDownIdentity:
                return Event<TIdentity>.ReuseDownIdentity;
            case EventKind.ApplyMany:
                var disseminate = reader.Flag();
                return Event<TIdentity>.NewApplyMany(reader.ReadRecords(codec), disseminate);
            case EventKind.BroadcastAccepted:
                var key = new RecordedKey(reader.Bits());
                return Event<TIdentity>.NewBroadcastAccepted(key, reader.Remainder().ToArray());
            case EventKind.BroadcastsHandled:
                return Event<TIdentity>.BroadcastsHandled;
            case EventKind.HealthObserved:
                return Event<TIdentity>.NewHealthObserved(reader.Flag());
            default:
                reader.Fail();
                return null;
        }
    }

    private Event<TIdentity>? ReadFrame(ref ByteReader reader)
    {
        if (_packets.Decode(reader.Remainder(), out var packet) != SwimError.None)
        {
            reader.Fail();
            return null;
        }

        // The codec reuses its list of updates.
        var updates = packet.Updates.ToArray();

        return Event<TIdentity>.NewPacketReceived(
            new Packet<TIdentity>(packet.Header, updates, packet.Broadcasts)
        );
    }
}
