using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.Host.Tests.Support;

/// <summary>What a recording of one node tells.</summary>
/// <param name="Header">What it says of itself.</param>
/// <param name="Entries">All its entries.</param>
/// <param name="Steps">The steps of the node, taken again.</param>
/// <param name="Last">What the node knew in the end.</param>
internal sealed record ReplayedNode(
    RecordingHeader Header,
    List<RecordingEntry<NodeIdentity>> Entries,
    List<ReplayedStep<NodeIdentity>> Steps,
    Core.State<NodeIdentity> Last
)
{
    /// <summary>
    /// Reads a recording and takes all steps again: it is whole, about one node, and no step differs from what was
    /// recorded.
    /// </summary>
    public static ReplayedNode Of(string path)
    {
        using var reader = RecordingReader<NodeIdentity>.Open(path, NodeIdentityCodec.Instance);
        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );
        var entries = new List<RecordingEntry<NodeIdentity>>();
        var steps = new List<ReplayedStep<NodeIdentity>>();

        foreach (var entry in reader.ReadAll())
        {
            entries.Add(entry);
            Assert.Equal(0, entry.Member);

            if (replay.Apply(entry) is { } step)
            {
                Assert.Null(step.Difference);
                steps.Add(step);
            }
        }

        Assert.Null(reader.Damage);
        Assert.NotNull(reader.Header);
        return new ReplayedNode(reader.Header, entries, steps, steps[^1].After);
    }

    /// <summary>One number for what a node knows.</summary>
    public static uint Hash(Core.State<NodeIdentity> state) =>
        StepDigest<NodeIdentity>.Of(NodeIdentityCodec.Instance, state, Core.Effects<NodeIdentity>.Empty);

    /// <summary>One number for all that a node did and knew, step by step.</summary>
    public static uint Hash(ReplayedNode node)
    {
        var digests = new ByteWriter(4096);

        foreach (var step in node.Steps)
        {
            digests.UInt32(StepDigest<NodeIdentity>.Of(NodeIdentityCodec.Instance, step.After, step.Effects));
        }

        return Crc32C.Of(digests.Written);
    }
}
