using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// Whatever became of a recording: what is good before the damage is given, then it is said where the damage is,
/// and nothing is ever thrown.
/// </summary>
public sealed class DamagedRecordingTests
{
    private static readonly byte[] Good = SmallRecording.Bytes;
    private static readonly List<int> Boundaries = SmallRecording.Boundaries;
    private static readonly List<RecordingEntry<NodeIdentity>> Entries = SmallRecording.Entries;

    [Fact]
    public void The_recording_has_some_entries_of_all_kinds()
    {
        Assert.Equal(Entries.Count + 2, Boundaries.Count);
        Assert.Equal(5, Entries.Select(entry => entry.GetType()).Distinct().Count());
        Assert.Equal(Good.Length, Boundaries[^1]);
    }

    [Fact]
    public void A_recording_that_is_cut_off_at_any_byte_keeps_the_entries_before()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            var (entries, damage) = Tape.Read(Good[..length]);

            if (length < RecordingFormat.PreludeSize)
            {
                Assert.Empty(entries);
                Assert.Equal("tape is no recording: it does not begin with SWIMREC", damage!.Message);
            }
            else if (Boundaries.IndexOf(length) is var whole and > 0)
            {
                // After a whole entry, it looks like a recording that goes no further.
                Assert.Null(damage);
                SmallRecording.AssertGood(entries, whole - 1);
            }
            else
            {
                SmallRecording.AssertDamage(entries, damage, SmallRecording.EntryAt(length), "cut off");
            }
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x02)]
    [InlineData(0x10)]
    [InlineData(0x40)]
    [InlineData(0x80)]
    [InlineData(0x7F)]
    [InlineData(0xFF)]
    public void A_recording_with_any_byte_changed_is_damaged_there(byte flipped)
    {
        for (var at = 0; at < Good.Length; at++)
        {
            var bytes = Good.ToArray();
            bytes[at] ^= flipped;
            var (entries, damage) = Tape.Read(bytes);

            switch (at)
            {
                case < RecordingFormat.PreludeSize - 1:
                    Assert.Contains("is no recording", damage!.Message, StringComparison.Ordinal);
                    break;
                case RecordingFormat.PreludeSize - 1:
                    Assert.Equal(
                        $"tape is a recording of version {2 ^ flipped}; only version 2 can be read",
                        damage!.Message
                    );
                    break;
                default:
                    // A length that changed shows as whatever stands where the next entry was looked for.
                    SmallRecording.AssertDamage(
                        entries,
                        damage,
                        SmallRecording.EntryAt(at),
                        "checksum",
                        "cut off",
                        "length"
                    );
                    break;
            }
        }
    }

    [Fact]
    public void A_recording_within_a_damaged_part_is_not_looked_for()
    {
        var bytes = Good.ToArray();
        bytes[Boundaries[3] + 6] ^= 1;
        using var reader = Open(bytes);
        Assert.Equal(2, reader.ReadAll().Count());
        Assert.Equal(
            $"tape is damaged at byte {Boundaries[3]}, after 2 good entries: checksum",
            reader.Damage?.Message
        );

        // It stays at its end.
        Assert.False(reader.TryRead(out _));
        Assert.Equal(2, reader.Damage!.GoodEntries);
    }

    [Fact]
    public void Members_of_another_kind_are_not_read()
    {
        using var reader = new RecordingReader<NamedIdentity>(
            new MemoryStream(Good),
            NamedCodec.Instance,
            "tape"
        );

        Assert.Empty(reader.ReadAll());
        Assert.Equal("NodeIdentity", reader.Header?.IdentityKind);
        Assert.Equal("tape has members of kind NodeIdentity, not NamedIdentity", reader.Damage?.Message);
    }

    private static RecordingReader<NodeIdentity> Open(byte[] bytes) =>
        new(new MemoryStream(bytes), NodeIdentityCodec.Instance, "tape");
}
