using System.Diagnostics.CodeAnalysis;

namespace Swim.CSharp.Tests.Support;

/// <summary>The name of a topic and a version of it: a newer version makes the older ones worthless.</summary>
internal sealed record TopicKey(byte Topic, byte Version) : IInvalidates<TopicKey>
{
    public bool Invalidates(TopicKey other) => Topic == other.Topic && Version > other.Version;
}

/// <summary>
/// A broadcast handler that does as each test says. An item is a topic, a version and anything; unless told
/// otherwise, one that was seen is stale.
/// </summary>
internal sealed class ScriptedHandler : IBroadcastHandler<NodeIdentity, TopicKey>
{
    private readonly HashSet<TopicKey> _seen = [];

    /// <summary>What was offered, in order.</summary>
    public List<(byte[] Data, bool IsLocal, NodeIdentity Sender)> Offered { get; } = [];

    /// <summary>Called before each verdict; may throw.</summary>
    public Action<byte[]> OnReceive { get; set; } = _ => { };

    /// <summary>The verdict on everything, if set.</summary>
    public BroadcastVerdict? Verdict { get; set; }

    /// <summary>Whether fresh items get a key.</summary>
    public bool NamesItems { get; set; } = true;

    /// <summary>Who may have items.</summary>
    public Func<NodeIdentity, bool> Filter { get; set; } = _ => true;

    public static byte[] Item(byte topic, byte version, int length = 3)
    {
        var item = new byte[length];
        item[0] = topic;
        item[1] = version;
        return item;
    }

    public BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        NodeIdentity sender,
        [MaybeNull] out TopicKey key
    )
    {
        var item = data.ToArray();
        Offered.Add((item, isLocal, sender));
        OnReceive(item);
        var named = new TopicKey(item[0], item.Length > 1 ? item[1] : (byte)0);
        key = NamesItems ? named : null;
        var isNew = _seen.Add(named);
        return Verdict ?? (isNew ? BroadcastVerdict.Fresh : BroadcastVerdict.Stale);
    }

    public bool ShouldAddBroadcastData(NodeIdentity member) => Filter(member);
}
