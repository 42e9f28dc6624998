using System.Net;
using Swim.Core;
using Swim.Recording;

namespace Swim.Host.Tests.Processes;

/// <summary>The recordings of real processes are complete, however the processes end.</summary>
[Collection(nameof(Alone))]
public sealed class AgentRecordingTests
{
    /// <summary>The process buffers no entry: its recording implies every packet that it ever sent.</summary>
    [Fact]
    public async Task The_recording_of_a_killed_agent_is_complete_up_to_its_last_packet()
    {
        const int Rounds = 100;

        using var folder = new Folder();
        await using var agent = AgentProcess.Start("--bind", "127.0.0.1:0", "--record", folder["agent"]);
        var listening = await agent.UntilAsync("it listens", entry => entry.Name == "listening");
        var target = new NodeIdentity(IPEndPoint.Parse(listening.EndPoint), listening.Generation);
        using var peer = new RawPeer();
        var received = new List<RawPacket>();

        var announce = RawPacket.Encode(
            new PacketHeader<NodeIdentity>(peer.Identity, 0, target, MessageKind.Announce, default, 0, 0)
        );

        for (var round = 0; round < Rounds; round++)
        {
            peer.Send(announce, target.EndPoint);
            received.AddRange(await peer.ReceiveUntilAsync(MessageKind.Feed));
        }

        await agent.SignalAsync("KILL");
        Assert.NotEqual(0, await agent.ExitAsync());
        received.AddRange(await peer.ReceivedAsync());

        var replayed = ReplayedNode.Of(folder["agent"]);
        Assert.IsType<StepTaken<NodeIdentity>>(replayed.Entries[^1]);
        Assert.Equal(target, replayed.Last.Identity);

        var sent = replayed
            .Steps.SelectMany(step => step.Effects)
            .OfType<Effect<NodeIdentity>.Send>()
            .Select(send => send.Item.Header)
            .Where(header => header.Destination == peer.Identity)
            .ToList();

        Assert.Equal(Rounds, sent.Count(header => header.Kind == MessageKind.Feed));

        // The kill can come between a step and its packet.
        Assert.InRange(sent.Count, received.Count, received.Count + 1);
        Assert.Equal(received.Select(packet => packet.Header), sent.Take(received.Count));
    }

    /// <summary>Whenever it is killed, there are at most two files, within the bound and each undamaged.</summary>
    [Fact]
    public async Task The_bounded_recording_of_a_killed_agent_is_undamaged_and_within_its_bound()
    {
        const int MaxBytes = 65_536;

        using var folder = new Folder();
        await using var agent = AgentProcess.Start(
            "--bind",
            "127.0.0.1:0",
            "--record",
            folder["agent"],
            "--record-max-bytes",
            $"{MaxBytes}"
        );
        var listening = await agent.UntilAsync("it listens", entry => entry.Name == "listening");
        var target = new NodeIdentity(IPEndPoint.Parse(listening.EndPoint), listening.Generation);
        using var peer = new RawPeer();
        var header = new PacketHeader<NodeIdentity>(
            peer.Identity,
            0,
            target,
            MessageKind.Announce,
            default,
            0,
            0
        );
        var announce = RawPacket.Encode(header);

        while (!File.Exists(folder["agent.1"]))
        {
            peer.Send(announce, target.EndPoint);
            await peer.ReceiveUntilAsync(MessageKind.Feed);
        }

        peer.Send(announce, target.EndPoint);
        await peer.ReceiveUntilAsync(MessageKind.Feed);
        await agent.SignalAsync("KILL");
        Assert.NotEqual(0, await agent.ExitAsync());

        string[] paths = [folder["agent.1"], folder["agent"]];
        Assert.InRange(paths.Sum(path => new FileInfo(path).Length), 1, MaxBytes);
        var (before, after) = (ReplayedNode.Of(paths[0]), ReplayedNode.Of(paths[1]));
        Assert.IsType<MemberStarted<NodeIdentity>>(before.Entries[0]);
        Assert.IsType<MemberCheckpoint<NodeIdentity>>(after.Entries[0]);
        Assert.Equal(ReplayedNode.Hash(before.Last), ReplayedNode.Hash(after.Steps[0].Before));
    }

    [Fact]
    public async Task The_recording_of_an_agent_that_leaves_ends_with_its_stop()
    {
        using var folder = new Folder();
        await using var agent = AgentProcess.Start("--bind", "127.0.0.1:0", "--record", folder["agent"]);
        await agent.UntilAsync("it listens", entry => entry.Name == "listening");
        await agent.SignalAsync("TERM");
        Assert.Equal(0, await agent.ExitAsync());

        var replayed = ReplayedNode.Of(folder["agent"]);
        Assert.True(replayed.Last.HasLeft);
        Assert.IsType<MemberStopped<NodeIdentity>>(replayed.Entries[^1]);
    }

    [Theory]
    [InlineData("--record-max-bytes must be at least 65536", "--record", "agent", "--record-max-bytes", "5")]
    [InlineData("--record-max-bytes needs --record", "--record-max-bytes", "70000")]
    public async Task An_agent_refuses_a_bound_of_its_recording_that_it_cannot_keep_in_one_line(
        string words,
        params string[] arguments
    )
    {
        await using var agent = AgentProcess.Start(["--bind", "127.0.0.1:0", .. arguments]);
        Assert.Equal(2, await agent.ExitAsync());
        Assert.Contains(words, Assert.Single(agent.Errors));
        Assert.False(File.Exists("agent"));
    }

    [Fact]
    public async Task An_agent_refuses_to_record_to_an_existing_file_or_a_missing_folder_in_one_line()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["there"], "precious", Deadline.Token);
        var nowhere = Path.Combine(folder["missing"], "agent");

        foreach (
            var (path, words) in new[]
            {
                (folder["there"], "exists already"),
                (nowhere, "there is no folder"),
            }
        )
        {
            await using var agent = AgentProcess.Start("--bind", "127.0.0.1:0", "--record", path);
            Assert.Equal(2, await agent.ExitAsync());
            var line = Assert.Single(agent.Errors);
            Assert.Contains(words, line);
            Assert.Contains("--record", line);
            Assert.Empty(agent.Events);
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(folder["there"], Deadline.Token));
    }
}
