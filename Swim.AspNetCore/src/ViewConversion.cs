using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>Converts what a member tells into the views of the JSON.</summary>
internal static class ViewConversion
{
    public static string StatusOf(in MemberRecord<NodeIdentity> record) =>
        record.Status switch
        {
            MemberStatus.Alive => "alive",
            MemberStatus.Suspect => "suspect",
            _ => record.HasLeft ? "left" : "down",
        };

    public static string NameOf(SwimEventKind kind) =>
        kind switch
        {
            SwimEventKind.MemberUp => "member-up",
            SwimEventKind.MemberDown => "member-down",
            SwimEventKind.MemberRenamed => "member-renamed",
            SwimEventKind.MemberSuspected => "member-suspected",
            SwimEventKind.MemberRefuted => "member-refuted",
            SwimEventKind.MemberUpdated => "member-updated",
            SwimEventKind.MemberForgotten => "member-forgotten",
            SwimEventKind.Active => "active",
            SwimEventKind.Idle => "idle",
            SwimEventKind.Defunct => "defunct",
            SwimEventKind.Rejoined => "rejoined",
            SwimEventKind.SelfRefuted => "self-refuted",
            _ => "address-conflict",
        };

    public static string NameOf(ChangeCause cause) =>
        cause switch
        {
            ChangeCause.Probe => "probe",
            ChangeCause.Gossip => "gossip",
            ChangeCause.Refutation => "refutation",
            ChangeCause.Timer => "timer",
            ChangeCause.Leave => "leave",
            _ => "identity-change",
        };

    public static string NameOf(ConnectionState state) =>
        state switch
        {
            ConnectionState.Active => "active",
            ConnectionState.Idle => "idle",
            _ => "defunct",
        };

    public static IReadOnlyList<ProbeView> Convert(IEnumerable<SwimProbe> probes) =>
        [
            .. probes.Select(probe => new ProbeView(
                probe.Target.ToString(),
                probe.StartedAt.UtcDateTime,
                probe.RoundTrip?.TotalMilliseconds,
                probe.WasIndirect
            )),
        ];

    public static IReadOnlyList<MessageView> Convert(IEnumerable<SwimMessageCount> messages) =>
        [
            .. messages.Select(count => new MessageView(
                NameOf(count.Kind),
                count.PacketsSent,
                count.BytesSent,
                count.PacketsReceived,
                count.BytesReceived
            )),
        ];

    public static StatisticsView Convert(SwimNodeStatistics figures) =>
        new(
            figures.PacketsReceived,
            figures.BytesReceived,
            figures.PacketsSent,
            figures.BytesSent,
            figures.PacketsRefused.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
            figures.ReceiveQueueDrops,
            figures.SendFailures,
            figures.ReceiveFailures,
            figures.ProbeCyclesIncomplete,
            figures.ProbesAnswered,
            figures.ProbesAnsweredIndirectly,
            figures.ProbesFailed
        );

    private static string NameOf(MessageKind kind) =>
        kind switch
        {
            MessageKind.Ping => "ping",
            MessageKind.Ack => "ack",
            MessageKind.PingReq => "ping-req",
            MessageKind.IndirectPing => "indirect-ping",
            MessageKind.IndirectAck => "indirect-ack",
            MessageKind.ForwardedAck => "forwarded-ack",
            MessageKind.Announce => "announce",
            MessageKind.Feed => "feed",
            MessageKind.Gossip => "gossip",
            MessageKind.Broadcast => "broadcast",
            _ => "turn-undead",
        };
}
