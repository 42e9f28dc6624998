using Swim.Core;

namespace Swim;

/// <summary>The first byte of an event.</summary>
internal enum EventKind : byte
{
    PacketReceived = 0,
    TimerFired = 1,
    AnnounceTo = 2,
    GossipNow = 3,
    BroadcastNow = 4,
    LeaveCluster = 5,
    ChangeIdentity = 6,
    ReuseDownIdentity = 7,
    ApplyMany = 8,
    BroadcastAccepted = 9,
    BroadcastsHandled = 10,
}

/// <summary>Which number stands for which event.</summary>
internal static class EventKinds
{
    /// <summary>The kind of an event. The core numbers its cases too, but may do so differently tomorrow.</summary>
    public static EventKind Of<TIdentity>(Event<TIdentity> happened) =>
        happened switch
        {
            Event<TIdentity>.PacketReceived => EventKind.PacketReceived,
            Event<TIdentity>.TimerFired => EventKind.TimerFired,
            Event<TIdentity>.AnnounceTo => EventKind.AnnounceTo,
            { IsGossipNow: true } => EventKind.GossipNow,
            { IsBroadcastNow: true } => EventKind.BroadcastNow,
            { IsLeaveCluster: true } => EventKind.LeaveCluster,
            Event<TIdentity>.ChangeIdentity => EventKind.ChangeIdentity,
            { IsReuseDownIdentity: true } => EventKind.ReuseDownIdentity,
            Event<TIdentity>.ApplyMany => EventKind.ApplyMany,
            Event<TIdentity>.BroadcastAccepted => EventKind.BroadcastAccepted,
            { IsBroadcastsHandled: true } => EventKind.BroadcastsHandled,
            _ => throw new RecordingException($"the format has no event {happened}"),
        };
}
