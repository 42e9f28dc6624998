namespace Swim.Host.Tests.Changes;

/// <summary>What a reader knows that believes the changes alone.</summary>
internal sealed class Folding
{
    private readonly Dictionary<string, NodeIdentity> _members = [];

    public int Resynchronized { get; private set; }

    /// <summary>The members that are up, as told.</summary>
    public IEnumerable<NodeIdentity> Members => _members.Values;

    public void Add(SwimChange change)
    {
        var address = change.Identity.EndPoint.ToString();

        switch (change.Kind)
        {
            case SwimChangeKind.Resynchronize:
                Resynchronized++;
                _members.Clear();

                foreach (var member in change.Snapshot.Members)
                {
                    _members.Add(member.Identity.EndPoint.ToString(), member.Identity);
                }

                break;
            case SwimChangeKind.MemberUp:
                _members[address] = change.Identity;
                break;
            case SwimChangeKind.MemberDown:
                _members.Remove(address);
                break;
            case SwimChangeKind.Rename when _members.ContainsKey(address):
                _members[address] = change.Identity;
                break;
        }
    }

    /// <summary>Reads until the stream ends.</summary>
    public async Task ReadAsync(IAsyncEnumerable<SwimChange> changes)
    {
        await foreach (var change in changes)
        {
            Add(change);
        }
    }
}
