using System.Net;

namespace Swim.CSharp.Tests.Support;

/// <summary>How a piece of data was made.</summary>
internal enum Origin
{
    Noise,
    NoiseInFrame,
    Good,
    CutInTransit,
    CutOnPurpose,
    DamagedInTransit,
    DamagedOnPurpose,
    Spliced,
    Oversized,
}

/// <summary>
/// Data of every sort for one member, from noise to packets that are right in all but one bit. The random seed fixes
/// all of it.
/// </summary>
internal sealed class PacketFuzzer(Random random, int maxPacketSize)
{
    private static readonly ushort[] Incarnations = [0, 0, 1, 2, 3, 65534, 65535];

    public (Origin Origin, byte[] Data) Next(NodeIdentity self)
    {
        var origin = (Origin)random.Next((int)Origin.Oversized + 1);

        return (
            origin,
            origin switch
            {
                Origin.Noise => Noise(random.Next(200)),
                Origin.NoiseInFrame => Frame.Seal(Noise(random.Next(200))),
                Origin.Good => Good(self),
                Origin.CutInTransit => Cut(Good(self)),
                Origin.CutOnPurpose => Frame.Seal(Cut(Good(self)[Frame.Size..])),
                Origin.DamagedInTransit => Damage(Good(self)),
                Origin.DamagedOnPurpose => Frame.Seal(Damage(Good(self)[Frame.Size..])),
                Origin.Spliced => Frame.Seal(Splice(Good(self)[Frame.Size..], Good(self)[Frame.Size..])),
                _ => Frame.Seal(Noise(maxPacketSize - Frame.Size + 1 + random.Next(100))),
            }
        );
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Cut(byte[] data) => data[..random.Next(data.Length)];

    private byte[] Damage(byte[] data)
    {
        var damaged = data.ToArray();

        // Few flips, which CRC-32C is certain to notice in packets of this size.
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
        }

        // The same bit twice is no damage.
        if (damaged.AsSpan().SequenceEqual(data))
        {
            damaged[0] ^= 1;
        }

        return damaged;
    }

    private byte[] Splice(byte[] first, byte[] second) =>
        random.Next(3) switch
        {
            0 => [.. Cut(first), .. second],
            1 => [.. first, .. Cut(second)],
            _ => [.. first, .. Noise(random.Next(1, 5))],
        };

    private byte[] Good(NodeIdentity self)
    {
        var kind = (MessageKind)random.Next((int)MessageKind.TurnUndead + 1);
        var header = new PacketHeader<NodeIdentity>(
            AnyMember(self),
            Incarnation(),
            random.Next(10) == 0 ? AnyMember(self) : self,
            kind,
            kind is >= MessageKind.PingReq and <= MessageKind.ForwardedAck ? AnyMember(self) : default,
            kind <= MessageKind.ForwardedAck ? (uint)random.Next(20) : 0,
            0
        );

        var isBare = kind is MessageKind.Announce or MessageKind.TurnUndead;
        var updates = isBare || kind == MessageKind.Broadcast ? 0 : random.Next(5);
        var broadcasts = isBare ? 0 : random.Next(3);

        return Wire.Encode(
            NodeIdentityCodec.Instance,
            new WirePacket<NodeIdentity>(
                header,
                [.. Enumerable.Range(0, updates).Select(_ => Record(self))],
                [.. Enumerable.Range(0, broadcasts).Select(_ => Noise(random.Next(1, 20)))]
            )
        );
    }

    private MemberRecord<NodeIdentity> Record(NodeIdentity self)
    {
        var status = (MemberStatus)random.Next(3);
        return new(AnyMember(self), status == MemberStatus.Down ? (ushort)0 : Incarnation(), status, null);
    }

    private ushort Incarnation() => Incarnations[random.Next(Incarnations.Length)];

    // Few addresses and few generations, so that what is said of them meets.
    private NodeIdentity AnyMember(NodeIdentity self)
    {
        var number = random.Next(40);

        return number switch
        {
            0 => self,
            1 => new NodeIdentity(self.EndPoint, self.Generation - (ulong)random.Next(2)),
            < 10 => new NodeIdentity(
                new IPEndPoint(IPAddress.Parse($"2001:db8::{number}"), 7946),
                (ulong)random.Next(3)
            ),
            _ => Nodes.At(number, (ulong)random.Next(3)),
        };
    }
}
