using System.Runtime.CompilerServices;
using Swim.Core;
using CoreMember = Swim.Core.Member;

namespace Swim;

/// <summary>Values of the core to values of this library and back. The numbers of the enums are the same.</summary>
internal static class CoreConversion
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Member<TIdentity> FromCore<TIdentity>(Swim.Core.Member<TIdentity> record) =>
        new(record.Identity, record.Incarnation, (MemberStatus)record.Status);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Swim.Core.Member<TIdentity> ToCore<TIdentity>(Member<TIdentity> member) =>
        CoreMember.create(member.Identity, member.Incarnation, (Status)member.Status);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PacketHeader<TIdentity> FromCore<TIdentity>(Header<TIdentity> header)
    {
        var (kind, named, probeNumber) = Split(header.Message);

        return new PacketHeader<TIdentity>(
            header.Source,
            header.SourceIncarnation,
            header.Destination,
            kind,
            named,
            probeNumber
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Header<TIdentity> ToCore<TIdentity>(PacketHeader<TIdentity> header) =>
        new(header.Source, header.SourceIncarnation, header.Destination, Join(header));

    public static MessageKind KindOf<TIdentity>(Message<TIdentity> message) => (MessageKind)message.Tag;

    private static (MessageKind Kind, TIdentity? Named, uint ProbeNumber) Split<TIdentity>(
        Message<TIdentity> message
    ) =>
        message switch
        {
            Message<TIdentity>.Ping ping => (MessageKind.Ping, default, ping.probeNumber),
            Message<TIdentity>.Ack ack => (MessageKind.Ack, default, ack.probeNumber),
            Message<TIdentity>.PingReq request => (MessageKind.PingReq, request.target, request.probeNumber),
            Message<TIdentity>.IndirectPing ping => (MessageKind.IndirectPing, ping.origin, ping.probeNumber),
            Message<TIdentity>.IndirectAck ack => (MessageKind.IndirectAck, ack.target, ack.probeNumber),
            Message<TIdentity>.ForwardedAck ack => (MessageKind.ForwardedAck, ack.origin, ack.probeNumber),
            { IsAnnounce: true } => (MessageKind.Announce, default, 0),
            { IsFeed: true } => (MessageKind.Feed, default, 0),
            { IsGossip: true } => (MessageKind.Gossip, default, 0),
            { IsBroadcast: true } => (MessageKind.Broadcast, default, 0),
            _ => (MessageKind.TurnUndead, default, 0),
        };

    private static Message<TIdentity> Join<TIdentity>(PacketHeader<TIdentity> header) =>
        header.Kind switch
        {
            MessageKind.Ping => Message<TIdentity>.NewPing(header.ProbeNumber),
            MessageKind.Ack => Message<TIdentity>.NewAck(header.ProbeNumber),
            MessageKind.PingReq => Message<TIdentity>.NewPingReq(header.Named!, header.ProbeNumber),
            MessageKind.IndirectPing => Message<TIdentity>.NewIndirectPing(header.Named!, header.ProbeNumber),
            MessageKind.IndirectAck => Message<TIdentity>.NewIndirectAck(header.Named!, header.ProbeNumber),
            MessageKind.ForwardedAck => Message<TIdentity>.NewForwardedAck(header.Named!, header.ProbeNumber),
            MessageKind.Announce => Message<TIdentity>.Announce,
            MessageKind.Feed => Message<TIdentity>.Feed,
            MessageKind.Gossip => Message<TIdentity>.Gossip,
            MessageKind.Broadcast => Message<TIdentity>.Broadcast,
            MessageKind.TurnUndead => Message<TIdentity>.TurnUndead,
            _ => throw new ArgumentOutOfRangeException(
                nameof(header),
                header.Kind,
                "unknown kind of message"
            ),
        };

    public static SwimNotification<TIdentity> FromCore<TIdentity>(
        Notification<TIdentity> notification,
        TIdentity self
    ) =>
        notification switch
        {
            Notification<TIdentity>.MemberUp up => new(NotificationKind.MemberUp, up.Item),
            Notification<TIdentity>.MemberDown down => new(NotificationKind.MemberDown, down.Item),
            Notification<TIdentity>.Rename rename => new(
                NotificationKind.Rename,
                rename.after,
                rename.before
            ),
            Notification<TIdentity>.Rejoin rejoin => new(NotificationKind.Rejoin, rejoin.Item),
            { IsActive: true } => new(NotificationKind.Active, self),
            { IsIdle: true } => new(NotificationKind.Idle, self),
            _ => new(NotificationKind.Defunct, self),
        };
}
