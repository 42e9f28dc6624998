using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Support;

/// <summary>A recording of a few entries of every kind, and what is left of it when something is damaged.</summary>
internal static class SmallRecording
{
    /// <summary>All of it.</summary>
    public static readonly byte[] Bytes = Tape.Write(Write);

    /// <summary>Where its entries begin, the header being the first; and where the last one ends.</summary>
    public static readonly List<int> Boundaries = Tape.Boundaries(Bytes);

    /// <summary>Its entries.</summary>
    public static readonly List<RecordingEntry<NodeIdentity>> Entries = Tape.ReadWhole(Bytes);

    /// <summary>Which entry a byte is in; the header is entry 0.</summary>
    public static int EntryAt(int at) => Boundaries.FindLastIndex(boundary => boundary <= at);

    /// <summary>Whether all before that entry was read, and the damage is said to be there.</summary>
    public static void AssertDamage(
        List<RecordingEntry<NodeIdentity>> entries,
        RecordingDamage? damage,
        int entry,
        params string[] reasons
    )
    {
        var good = Math.Max(0, entry - 1);
        AssertGood(entries, good);
        Assert.NotNull(damage);
        Assert.Equal((Boundaries[entry], good), (damage.Offset, damage.GoodEntries));
        var noun = good == 1 ? "entry" : "entries";

        Assert.Contains(
            damage.Message,
            reasons.Select(reason =>
                $"tape is damaged at byte {damage.Offset}, after {good} good {noun}: {reason}"
            )
        );
    }

    /// <summary>Whether so many of the entries, and no others, were read.</summary>
    public static void AssertGood(List<RecordingEntry<NodeIdentity>> entries, int count)
    {
        Assert.Equal(count, entries.Count);

        foreach (var (expected, actual) in Entries.Zip(entries))
        {
            Assert.Equal(expected.GetType(), actual.GetType());
            Assert.Equal(
                (expected.Number, expected.Member, expected.Microseconds),
                (actual.Number, actual.Member, actual.Microseconds)
            );
        }
    }

    /// <summary>What is in an entry.</summary>
    public static byte[] PayloadOf(int entry)
    {
        var bytes = Bytes.AsSpan(Boundaries[entry], Boundaries[entry + 1] - Boundaries[entry]);
        var reader = new ByteReader(bytes);
        reader.Varint();
        reader.UInt32();
        return reader.Remainder().ToArray();
    }

    /// <summary>An entry with that in it; length and checksum are right.</summary>
    public static byte[] Seal(byte[] payload)
    {
        var writer = new ByteWriter(64);
        writer.Varint((ulong)payload.Length);
        writer.UInt32(Crc32C.Of(payload));
        writer.Bytes(payload);
        return writer.Written.ToArray();
    }

    private static void Write(RecordingWriter<NodeIdentity> tape)
    {
        var config = SwimConfig.Lan(8);
        var state = State.create(Nodes.At(1), 1);
        var key = new CoreTopicKey(1, 1);
        tape.MemberStarted(0, 100, Nodes.At(1), 1, config);
        tape.MemberStarted(1, 300, Nodes.At(2), 2, config);
        var now = 300;

        void Step(Event<NodeIdentity> happened) =>
            tape.Stepped(0, now += 1000, state, happened, [true, false], state, Effects<NodeIdentity>.Empty);

        Step(Event<NodeIdentity>.NewAnnounceTo(Nodes.At(2)));
        Step(
            Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewSendIndirectProbe(Nodes.At(2), 300))
        );
        Step(Event<NodeIdentity>.NewApplyMany(new[] { Core.MemberRecord.alive(Nodes.At(3), 1) }, true));
        Step(Event<NodeIdentity>.NewBroadcastAccepted(key, new byte[] { 1, 2 }));

        var header = new PacketHeader<NodeIdentity>(
            Nodes.At(2),
            0,
            Nodes.At(1),
            MessageKind.PingReq,
            Nodes.At(3),
            9,
            0
        );

        Step(
            Event<NodeIdentity>.NewPacketReceived(
                new Packet<NodeIdentity>(
                    header,
                    new[] { Core.MemberRecord.down(Nodes.At(4), 0) },
                    new ReadOnlyMemory<byte>[] { new byte[] { 7, 8, 9 } }
                )
            )
        );

        tape.ConfigChanged(1, 400_000, config);
        tape.MemberStopped(1, 500_000);
        tape.Checkpoint(2, 600_000, config, Experienced(config));
    }

    /// <summary>A state that has something of everything.</summary>
    private static State<NodeIdentity> Experienced(SwimConfig config)
    {
        var state = State.create(Nodes.At(5), 5);
        var rules = Rules.create(
            config,
            IdentityOperations<NodeIdentity>.Instance,
            new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
        );

        void Step(Event<NodeIdentity> happened) => (state, _) = Protocol.step(rules, state, happened);

        var known = new[]
        {
            Core.MemberRecord.alive(Nodes.At(6), 1),
            Core.MemberRecord.suspect(Nodes.At(7), 2),
            Core.MemberRecord.alive(Nodes.At(8), 0),
            Core.MemberRecord.down(Nodes.At(9), 0),
            Core.MemberRecord.down(Nodes.At(10), 0),
        };

        Step(Event<NodeIdentity>.NewApplyMany(known, true));
        Step(Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewRemoveDown(Nodes.At(9), 0)));
        Step(Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), new byte[] { 1, 2, 3 }));
        Step(Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewProbeRandomMember(state.Token)));
        Step(
            Event<NodeIdentity>.NewTimerFired(
                Core.Timer<NodeIdentity>.NewSendIndirectProbe(state.Probe.Target.Value.Identity, state.Token)
            )
        );

        var ping = new Packet<NodeIdentity>(
            new PacketHeader<NodeIdentity>(Nodes.At(6), 1, Nodes.At(5), MessageKind.Ping, default, 4, 0),
            ArraySegment<MemberRecord<NodeIdentity>>.Empty,
            new ReadOnlyMemory<byte>[] { new byte[] { 4, 5 } }
        );

        Step(Event<NodeIdentity>.NewPacketReceived(ping));
        Assert.True(state.PendingReply.IsSome);
        Assert.NotEmpty(state.Probe.Helpers);
        return state;
    }
}
