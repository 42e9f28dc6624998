using Swim.Core;

namespace Swim.Recording.Format;

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
    HealthObserved = 11,
}

/// <summary>The kind of each event of the core.</summary>
internal static class EventKinds
{
    // The numbers of the cases in the core may change; those of the format may not.
    private static readonly EventKind[] OfTag = MakeTable();

    /// <summary>The kind of an event.</summary>
    public static EventKind Of<TIdentity>(in Event<TIdentity> happened) => OfTag[happened.Tag];

    private static EventKind[] MakeTable()
    {
        var table = new EventKind[12];
        table[Event<int>.Tags.PacketReceived] = EventKind.PacketReceived;
        table[Event<int>.Tags.TimerFired] = EventKind.TimerFired;
        table[Event<int>.Tags.AnnounceTo] = EventKind.AnnounceTo;
        table[Event<int>.Tags.GossipNow] = EventKind.GossipNow;
        table[Event<int>.Tags.BroadcastNow] = EventKind.BroadcastNow;
        table[Event<int>.Tags.LeaveCluster] = EventKind.LeaveCluster;
        table[Event<int>.Tags.ChangeIdentity] = EventKind.ChangeIdentity;
        table[Event<int>.Tags.ReuseDownIdentity] = EventKind.ReuseDownIdentity;
        table[Event<int>.Tags.ApplyMany] = EventKind.ApplyMany;
        table[Event<int>.Tags.BroadcastAccepted] = EventKind.BroadcastAccepted;
        table[Event<int>.Tags.BroadcastsHandled] = EventKind.BroadcastsHandled;
        table[Event<int>.Tags.HealthObserved] = EventKind.HealthObserved;
        return table;
    }
}
