using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>Entries that no writer wrote: their checksums are right, or their lengths are not.</summary>
public sealed class ForgedRecordingTests
{
    private static readonly byte[] Good = SmallRecording.Bytes;
    private static readonly List<int> Boundaries = SmallRecording.Boundaries;

    /// <summary>Payloads that no writer wrote, with checksums that are right.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Noise_with_a_good_checksum_is_damage_or_reads_well(int randomSeed)
    {
        var random = new Random(randomSeed);
        var refused = 0;

        for (var attempt = 0; attempt < 20_000; attempt++)
        {
            var at = 1 + random.Next(Boundaries.Count - 2);
            var payload = SmallRecording.PayloadOf(at);

            switch (random.Next(4))
            {
                case 0:
                    payload[random.Next(payload.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    payload = payload[..(1 + random.Next(payload.Length))];
                    break;
                case 2:
                    payload = [.. payload, .. Noise(random, 1 + random.Next(3))];
                    break;
                default:
                    payload = [(byte)random.Next(7), .. Noise(random, random.Next(60))];
                    break;
            }

            var (entries, damage) = Tape.Read([.. Good[..Boundaries[at]], .. SmallRecording.Seal(payload)]);

            if (damage is not null)
            {
                refused++;
                SmallRecording.AssertDamage(entries, damage, at, "contents");
            }
        }

        Assert.InRange(refused, 5_000, 20_000);
    }

    /// <summary>Only a payload extends to the end of its entry.</summary>
    [Fact]
    public void Bytes_that_belong_to_nothing_are_refused()
    {
        for (var at = 1; at <= SmallRecording.Entries.Count; at++)
        {
            var payload = SmallRecording.Seal([.. SmallRecording.PayloadOf(at), 0]);
            var (entries, damage) = Tape.Read([.. Good[..Boundaries[at]], .. payload]);

            if (SmallRecording.Entries[at - 1] is StepTaken<NodeIdentity> { Event.IsBroadcastAccepted: true })
            {
                Assert.Null(damage);
            }
            else
            {
                SmallRecording.AssertDamage(entries, damage, at, "contents");
            }
        }
    }

    /// <summary>It reads on as far as there are bytes, not as far as is claimed.</summary>
    [Theory]
    [InlineData(RecordingFormat.MaxPayloadSize, "cut off")]
    [InlineData(RecordingFormat.MaxPayloadSize + 1, "length")]
    [InlineData(uint.MaxValue, "length")]
    [InlineData(0, "length")]
    public void A_length_that_is_not_true_costs_nothing(uint length, string reason)
    {
        var writer = new ByteWriter(16);
        writer.Varint(length);
        writer.UInt32(0);
        byte[] bytes = [.. Good, .. writer.Written, 1, 2, 3];
        Tape.Read(Good);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (entries, damage) = Tape.Read(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        SmallRecording.AssertDamage(entries, damage, Boundaries.Count - 1, reason);
    }

    /// <summary>Counts within an entry are claims too.</summary>
    [Fact]
    public void A_count_that_is_not_true_costs_nothing()
    {
        var writer = new ByteWriter(16);
        writer.Byte((byte)EntryKind.Step);
        writer.Varint(0);
        writer.Varint(0);
        writer.Bits([]);
        writer.Varint(0);
        writer.UInt32(0);
        writer.Byte((byte)EventKind.ApplyMany);
        writer.Byte(1);
        writer.Varint(int.MaxValue);
        byte[] bytes = [.. Good, .. SmallRecording.Seal(writer.Written.ToArray())];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (entries, damage) = Tape.Read(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        SmallRecording.AssertDamage(entries, damage, Boundaries.Count - 1, "contents");
    }

    /// <summary>One that throws at bytes that it cannot read, as the codecs of users may.</summary>
    [Fact]
    public void A_codec_that_throws_is_damage()
    {
        var codec = new FaultyCodec();
        var bytes = Tape.Write(codec, tape => tape.MemberStarted(0, 0, new("a", 1), 1, SwimConfig.Simple()));

        codec.Fault = CodecFault.MemberDecodingThrows;
        var (entries, damage) = Tape.Read(codec, bytes);
        Assert.Empty(entries);
        Assert.EndsWith("after 0 good entries: contents", damage?.Message, StringComparison.Ordinal);
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
