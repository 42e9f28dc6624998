using Swim.Core;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Support;

/// <summary>
/// Whether values of the core are the same in all that can be seen of them. Lists and payloads of the core compare
/// by reference; here their contents count.
/// </summary>
internal static class Same
{
    public static void States<TIdentity>(State<TIdentity> expected, State<TIdentity> actual)
    {
        Assert.Equal(expected.Identity, actual.Identity);
        Assert.Equal(expected.Incarnation, actual.Incarnation);
        Assert.Equal(expected.Connection, actual.Connection);
        Assert.Equal(expected.HasLeft, actual.HasLeft);
        Assert.Equal(expected.AwaitingActive, actual.AwaitingActive);
        Assert.Equal(expected.AnnouncesToDown, actual.AnnouncesToDown);
        Assert.Equal(expected.Token, actual.Token);
        Assert.Equal(expected.Members.Cursor, actual.Members.Cursor);
        Assert.Equal(expected.Members.ActiveCount, actual.Members.ActiveCount);
        Assert.Equal(State.allMembers(expected), State.allMembers(actual));
        Assert.Equal(expected.Tombstones.Count, actual.Tombstones.Count);
        Assert.Equal(State.updatesBacklog(expected), State.updatesBacklog(actual));
        Assert.Equal(expected.Broadcasts.Count, actual.Broadcasts.Count);
        Assert.Equal(expected.Probe, actual.Probe);
        Assert.Equal(expected.PendingReply, actual.PendingReply);
        Assert.Equal(expected.Random, actual.Random);
    }

    /// <summary>Whether the events are the same; a key is what it answers.</summary>
    public static void Events<TIdentity>(
        Event<TIdentity> expected,
        Event<TIdentity> actual,
        bool withPayloads = true
    )
    {
        Assert.Equal(EventKinds.Of(expected), EventKinds.Of(actual));

        switch (EventKinds.Of(expected))
        {
            case EventKind.PacketReceived:
                Packets(expected.packet, actual.packet, withPayloads);
                break;
            case EventKind.ApplyMany:
                Assert.Equal(expected.updates.ToArray(), actual.updates.ToArray());
                Assert.Equal(expected.disseminate, actual.disseminate);
                break;
            case EventKind.BroadcastAccepted:
                Payloads(expected.payload, actual.payload, withPayloads);
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }

    /// <summary>Whether the effects are the same, in the same order.</summary>
    public static void Effects<TIdentity>(
        IReadOnlyList<Effect<TIdentity>> expected,
        IReadOnlyList<Effect<TIdentity>> actual,
        bool withPayloads
    )
    {
        Assert.Equal(expected.Count, actual.Count);

        foreach (var pair in expected.Zip(actual))
        {
            switch (pair)
            {
                case (Effect<TIdentity>.Send left, Effect<TIdentity>.Send right):
                    Packets(left.Item, right.Item, withPayloads);
                    break;
                case (Effect<TIdentity>.OfferBroadcast left, Effect<TIdentity>.OfferBroadcast right):
                    Assert.Equal(left.sender, right.sender);
                    Payloads(left.payload, right.payload, withPayloads);
                    break;
                default:
                    Assert.Equal(pair.First, pair.Second);
                    break;
            }
        }
    }

    private static void Packets<TIdentity>(
        in Packet<TIdentity> expected,
        in Packet<TIdentity> actual,
        bool withPayloads
    )
    {
        Assert.Equal(expected.Header, actual.Header);
        Assert.Equal(expected.Updates.ToArray(), actual.Updates.ToArray());
        Assert.Equal(expected.Broadcasts.Count, actual.Broadcasts.Count);

        foreach (var (left, right) in expected.Broadcasts.Zip(actual.Broadcasts))
        {
            Payloads(left, right, withPayloads);
        }
    }

    // Without payloads zeros stand for them, which are as long.
    private static void Payloads(
        ReadOnlyMemory<byte> expected,
        ReadOnlyMemory<byte> actual,
        bool withPayloads
    ) => Assert.Equal(withPayloads ? expected.ToArray() : new byte[expected.Length], actual.ToArray());
}
