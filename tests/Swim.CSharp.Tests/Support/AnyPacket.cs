using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Swim.CSharp.Tests.Support;

/// <summary>Any value that goes on the wire, for FsCheck.</summary>
internal static class AnyPacket
{
    /// <summary>IPv4 and IPv6, any port and generation.</summary>
    public static Gen<NodeIdentity> Identities { get; } =
        from isIPv4 in ArbMap.Default.GeneratorFor<bool>()
        from bytes in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), 16)
        from port in Gen.Choose(1, ushort.MaxValue)
        from generation in ArbMap.Default.GeneratorFor<ulong>()
        let address = isIPv4 ? bytes[..4] : bytes
        where address.Any(octet => octet != 0)
        select new NodeIdentity(new IPEndPoint(new IPAddress(address), port), generation);

    /// <summary>Any status and incarnation.</summary>
    public static Gen<MemberRecord<NodeIdentity>> Members { get; } =
        from identity in Identities
        from incarnation in ArbMap.Default.GeneratorFor<ushort>()
        from status in Gen.Elements(MemberStatus.Alive, MemberStatus.Suspect, MemberStatus.Down)
        select new MemberRecord<NodeIdentity>(identity, incarnation, status, null);

    /// <summary>Any kind, with what it has beside source and destination.</summary>
    public static Gen<PacketHeader<NodeIdentity>> Headers { get; } =
        from source in Identities
        from incarnation in ArbMap.Default.GeneratorFor<ushort>()
        from destination in Identities
        from kind in Gen.Elements(Enum.GetValues<MessageKind>())
        from named in Identities
        from probeNumber in ArbMap.Default.GeneratorFor<uint>()
        let shape = new PacketHeader<NodeIdentity>(default, 0, default, kind, default, 0, 0)
        select new PacketHeader<NodeIdentity>(
            source,
            incarnation,
            destination,
            kind,
            shape.NamesMember ? named : default,
            shape.HasProbeNumber ? probeNumber : 0,
            0
        );

    private static readonly Gen<byte[]> Items =
        from length in Gen.Choose(1, 40)
        from bytes in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), length)
        select bytes;

    /// <summary>Any packet that a member may send (R8.5): with updates and broadcasts if its kind has them.</summary>
    public static Gen<WirePacket<NodeIdentity>> Packets { get; } =
        from header in Headers
        from updateCount in Gen.Choose(0, 6)
        from updates in Gen.ArrayOf(Members, updateCount)
        from itemCount in Gen.Choose(0, 4)
        from items in Gen.ArrayOf(Items, itemCount)
        let isBare = header.Kind is MessageKind.Announce or MessageKind.TurnUndead
        select new WirePacket<NodeIdentity>(
            header,
            isBare || header.Kind == MessageKind.Broadcast ? [] : updates,
            isBare ? [] : items
        );
}
