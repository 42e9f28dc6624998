using System.Net;

namespace Swim.CSharp.Tests.Support;

/// <summary>Short ways to write identities and records.</summary>
internal static class Nodes
{
    /// <summary>The member at 10.0.x.x:7946 with that number.</summary>
    public static NodeIdentity At(int number, ulong generation = 1) =>
        new(new IPEndPoint(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 7946), generation);

    public static MemberRecord<NodeIdentity> Alive(NodeIdentity identity, ushort incarnation = 0) =>
        new(identity, incarnation, MemberStatus.Alive, null);

    public static MemberRecord<NodeIdentity> Suspect(NodeIdentity identity, ushort incarnation = 0) =>
        new(identity, incarnation, MemberStatus.Suspect, null);

    public static MemberRecord<NodeIdentity> Down(NodeIdentity identity) =>
        new(identity, 0, MemberStatus.Down, null);

    /// <summary>The Alive records of the members with the numbers from <paramref name="first"/> on.</summary>
    public static MemberRecord<NodeIdentity>[] Crowd(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => Alive(At(number)))];

    /// <summary>The identity that prints like that: an endpoint, a hash sign and a generation.</summary>
    public static NodeIdentity Parse(string text)
    {
        var parts = text.Split('#');
        return new NodeIdentity(IPEndPoint.Parse(parts[0]), ulong.Parse(parts[1]));
    }
}
