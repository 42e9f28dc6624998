using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>A timer in a recording: its kind, then the member that it is about, then its numbers.</summary>
internal static class TimerBytes
{
    public static void WriteTimer<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        Timer<TIdentity> timer
    )
    {
        switch (timer)
        {
            case Timer<TIdentity>.ProbeRandomMember probe:
                writer.WriteNumbered(TimerKind.ProbeRandomMember, probe.token);
                break;
            case Timer<TIdentity>.SendIndirectProbe probe:
                writer.WriteAbout(codec, TimerKind.SendIndirectProbe, probe.probed, probe.token);
                break;
            case Timer<TIdentity>.ChangeSuspectToDown change:
                writer.Byte((byte)TimerKind.ChangeSuspectToDown);
                writer.WriteIdentity(codec, change.suspect);
                writer.Varint(change.incarnation);
                writer.Varint((ulong)change.confirmations);
                writer.Varint(change.token);
                break;
            case Timer<TIdentity>.PeriodicAnnounce announce:
                writer.WriteNumbered(TimerKind.PeriodicAnnounce, announce.token);
                break;
            case Timer<TIdentity>.PeriodicAnnounceDown announce:
                writer.WriteNumbered(TimerKind.PeriodicAnnounceDown, announce.token);
                break;
            case Timer<TIdentity>.PeriodicGossip gossip:
                writer.WriteNumbered(TimerKind.PeriodicGossip, gossip.token);
                break;
            case Timer<TIdentity>.RemoveDown remove:
                writer.WriteAbout(codec, TimerKind.RemoveDown, remove.identity, remove.incarnation);
                break;
            case Timer<TIdentity>.RemoveTombstone remove:
                writer.WriteNumbered(TimerKind.RemoveTombstone, remove.sequence);
                break;
            case { IsResetRenewals: true }:
                writer.Byte((byte)TimerKind.ResetRenewals);
                break;
            case { IsResetReminders: true }:
                writer.Byte((byte)TimerKind.ResetReminders);
                break;
            case Timer<TIdentity>.SendNack nack:
                writer.WriteAbout(codec, TimerKind.SendNack, nack.origin, nack.probeNumber);
                break;
            case Timer<TIdentity>.AskDown ask:
                writer.WriteNumbered(TimerKind.AskDown, ask.sequence);
                break;
            default:
                throw new RecordingException($"The format has no timer {timer}.");
        }
    }

    // Arguments are evaluated from left to right, in the order in which they were written.
    public static Timer<TIdentity>? ReadTimer<TIdentity>(this ref ByteReader reader, ICodec<TIdentity> codec)
    {
        switch ((TimerKind)reader.Byte())
        {
            case TimerKind.ProbeRandomMember:
                return Timer<TIdentity>.NewProbeRandomMember(reader.Varint());
            case TimerKind.SendIndirectProbe:
                return Timer<TIdentity>.NewSendIndirectProbe(reader.ReadIdentity(codec), reader.Varint());
            case TimerKind.ChangeSuspectToDown:
                return Timer<TIdentity>.NewChangeSuspectToDown(
                    reader.ReadIdentity(codec),
                    reader.UInt16(),
                    reader.Int32(),
                    reader.Varint()
                );
            case TimerKind.PeriodicAnnounce:
                return Timer<TIdentity>.NewPeriodicAnnounce(reader.Varint());
            case TimerKind.PeriodicAnnounceDown:
                return Timer<TIdentity>.NewPeriodicAnnounceDown(reader.Varint());
            case TimerKind.PeriodicGossip:
                return Timer<TIdentity>.NewPeriodicGossip(reader.Varint());
            case TimerKind.RemoveDown:
                return Timer<TIdentity>.NewRemoveDown(reader.ReadIdentity(codec), reader.UInt16());
            case TimerKind.RemoveTombstone:
                return Timer<TIdentity>.NewRemoveTombstone(reader.Varint());
            case TimerKind.ResetRenewals:
                return Timer<TIdentity>.ResetRenewals;
            case TimerKind.ResetReminders:
                return Timer<TIdentity>.ResetReminders;
            case TimerKind.SendNack:
                return Timer<TIdentity>.NewSendNack(reader.ReadIdentity(codec), reader.Number());
            case TimerKind.AskDown:
                return Timer<TIdentity>.NewAskDown(reader.Varint());
            default:
                reader.Fail();
                return null;
        }
    }

    private static void WriteAbout<TIdentity>(
        this ByteWriter writer,
        ICodec<TIdentity> codec,
        TimerKind kind,
        TIdentity identity,
        ulong number
    )
    {
        writer.Byte((byte)kind);
        writer.WriteIdentity(codec, identity);
        writer.Varint(number);
    }

    private static void WriteNumbered(this ByteWriter writer, TimerKind kind, ulong number)
    {
        writer.Byte((byte)kind);
        writer.Varint(number);
    }
}
