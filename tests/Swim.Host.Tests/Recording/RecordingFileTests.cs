using Microsoft.Extensions.Logging;

namespace Swim.Host.Tests.Recording;

/// <summary>The file of a recording: what is in the way is said at the start, what comes later is logged once.</summary>
public sealed class RecordingFileTests
{
    [Fact]
    public async Task A_file_that_exists_is_not_touched()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["node"], "precious", Deadline.Token);
        var refused = Refusal(folder["node"]);
        Assert.Equal(
            $"Cannot record to {folder["node"]}: the file exists already. Move it away, or choose another RecordingPath.",
            refused.Message
        );
        Assert.Equal("precious", await File.ReadAllTextAsync(folder["node"], Deadline.Token));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_not_made()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder["missing"], "node");
        Assert.Contains("there is no such folder", Refusal(path).Message);
        Assert.False(Directory.Exists(folder["missing"]));
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["node"]);
        Assert.Contains($"Cannot record to {folder["node"]}", Refusal(folder["node"]).Message);
    }

    /// <summary>What failed to start holds on to nothing: neither to its port nor to the file.</summary>
    [Fact]
    public async Task A_disk_that_is_full_at_the_start_is_said_and_leaves_nothing()
    {
        using var folder = new Folder();
        var full = new FailingDisk(folder["node"]) { IsFull = true };
        var options = TestCluster.Options with
        {
            RecordingPath = folder["node"],
            CreateRecording = _ => full,
        };

        var refused = Assert.Throws<SwimStartException>(() => SwimNode.Start(options));
        Assert.Contains("no space left", refused.Message);
        Assert.False(File.Exists(folder["node"]));

        await using var cluster = new TestCluster();
        cluster.Start(TestCluster.Options with { RecordingPath = folder["node"] });
    }

    [Fact]
    public async Task A_disk_that_fails_later_is_logged_once_and_the_node_goes_on()
    {
        using var folder = new Folder();
        var disk = new FailingDisk(folder["node"]);

        await using (var cluster = new TestCluster())
        {
            var first = cluster.Start();
            var node = cluster.Start(
                TestCluster.Options with
                {
                    RecordingPath = folder["node"],
                    CreateRecording = _ => disk,
                },
                first
            );

            await node.SeesAsync(first);
            disk.IsFull = true;
            var failures = await cluster.Log.UntilAsync(TestLog.RecordingFailed, 1, "it is logged");
            Assert.Equal(LogLevel.Error, failures[0].Level);
            Assert.IsType<IOException>(failures[0].Exception);
            Assert.Contains(folder["node"], failures[0].Message);

            // It continues: it detects members that join after that.
            var last = cluster.Start(first);
            await node.SeesAsync(first, last);
            await last.SeesAsync(first, node);
            Assert.Single(cluster.Log.Entries(TestLog.RecordingFailed));
        }

        // All that was recorded before is good.
        Assert.NotEmpty(ReplayedNode.Of(folder["node"]).Steps);
    }

    private static SwimStartException Refusal(string path) =>
        Assert.Throws<SwimStartException>(() =>
            SwimNode.Start(TestCluster.Options with { RecordingPath = path })
        );

    /// <summary>A new file on a disk that is full from some time on.</summary>
    private sealed class FailingDisk(string path)
        : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0)
    {
        private volatile bool _isFull;

        public bool IsFull
        {
            get => _isFull;
            set => _isFull = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_isFull)
            {
                throw new IOException("no space left on device");
            }

            base.Write(buffer);
        }
    }
}
