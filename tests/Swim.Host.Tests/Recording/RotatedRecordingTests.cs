using System.Net;
using Microsoft.Extensions.Logging;
using Swim.Recording;

namespace Swim.Host.Tests.Recording;

/// <summary>A recording with a bound stays within it, and what is kept of it replays.</summary>
public sealed class RotatedRecordingTests
{
    private const int MaxBytes = 65_536;

    [Fact]
    public async Task A_recording_stays_within_its_bound_and_each_file_replays_by_itself()
    {
        using var folder = new Folder();
        var paths = new[] { folder["node.1"], folder["node"] };

        await using (var cluster = new TestCluster())
        {
            using var peer = new RawPeer();
            var node = cluster.Start(
                TestCluster.SlowToSuspect with
                {
                    RecordingPath = folder["node"],
                    RecordingMaxBytes = MaxBytes,
                }
            );

            for (var round = 0; round < 1_500; round++)
            {
                peer.Gossip(node, Other(round % 60, incarnation: (ushort)(round / 60)));
                await peer.AnnounceAsync(node);

                if (round % 20 == 0)
                {
                    Assert.InRange(paths.Sum(SizeOf), 1, MaxBytes);
                }
            }
        }

        Assert.All(paths, path => Assert.InRange(SizeOf(path), 1, MaxBytes / 2));
        var replayed = paths.Select(ReplayedNode.Of).ToArray();
        Assert.All(replayed, file => Assert.IsType<MemberCheckpoint<NodeIdentity>>(file.Entries[0]));
        Assert.All(replayed, file => Assert.NotEmpty(file.Steps));

        // The second continues where the first ends.
        Assert.Equal(replayed[0].Entries[^1].Microseconds, replayed[1].Entries[0].Microseconds);
        Assert.Equal(replayed[0].Header, replayed[1].Header);
        var resumed = replayed[1].Steps[0].Before;
        Assert.Equal(ReplayedNode.Hash(replayed[0].Last), ReplayedNode.Hash(resumed));
        Assert.True(resumed.Members.Count > 60);
        Assert.IsType<MemberStopped<NodeIdentity>>(replayed[1].Entries[^1]);
        Assert.True(replayed[1].Last.HasLeft);
    }

    [Fact]
    public async Task A_node_that_knows_too_many_ends_its_recording_and_goes_on()
    {
        using var folder = new Folder();
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(
            TestCluster.SlowToSuspect with
            {
                RecordingPath = folder["node"],
                RecordingMaxBytes = MaxBytes,
            }
        );

        for (var batch = 0; batch < 80; batch++)
        {
            peer.Gossip(node, [.. Enumerable.Range(batch * 40, 40).Select(number => Other(number))]);
            await peer.AnnounceAsync(node);
        }

        var full = await cluster.Log.UntilAsync(TestLog.RecordingFull, 1, "it is logged");
        Assert.Equal(LogLevel.Error, Assert.Single(full).Level);
        Assert.Contains(folder["node"], full[0].Message);
        Assert.Contains("Raise RecordingMaxBytes", full[0].Message);
        Assert.Empty(cluster.Log.Entries(TestLog.RecordingFailed));
        Assert.True(node.Members.Count > 3_000);

        // What there is up to then is good, and was not touched.
        Assert.NotEmpty(ReplayedNode.Of(folder["node"]).Steps);
        Assert.False(File.Exists(folder["node.1"]));
    }

    [Fact]
    public async Task An_older_recording_is_not_written_over()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["node.1"], "precious", Deadline.Token);
        var options = TestCluster.Options with { RecordingPath = folder["node"] };
        var refused = Assert.Throws<SwimStartException>(() =>
            SwimNode.Start(options with { RecordingMaxBytes = MaxBytes })
        );

        Assert.Equal(
            $"Cannot record within a bound: {folder["node.1"]} exists already, and would be overwritten. "
                + "Move it away, or choose another RecordingPath.",
            refused.Message
        );
        Assert.False(File.Exists(folder["node"]));
        Assert.Equal("precious", await File.ReadAllTextAsync(folder["node.1"], Deadline.Token));

        // Without a bound nothing would happen to it.
        await using var cluster = new TestCluster();
        cluster.Start(options);
    }

    private static MemberRecord<NodeIdentity> Other(int number, ushort incarnation = 0) =>
        new(
            new NodeIdentity(
                new IPEndPoint(
                    new IPAddress([10, 0, (byte)(number / 250), (byte)(1 + (number % 250))]),
                    7946
                ),
                1
            ),
            incarnation,
            MemberStatus.Alive,
            null
        );

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
