using System.Net;
using System.Net.Sockets;

namespace Swim.CSharp.Tests;

/// <summary>The default identity (R1, R12.12): endpoints of both families, generations, conflicts.</summary>
public sealed class NodeIdentityTests
{
    private static readonly IPEndPoint V4 = new(IPAddress.Parse("192.0.2.7"), 7946);
    private static readonly IPEndPoint V6 = new(IPAddress.Parse("2001:db8::7"), 7946);

    [Fact]
    public void An_identity_gives_back_its_parts()
    {
        var identity = new NodeIdentity(V4, 5);
        Assert.Equal(V4, identity.EndPoint);
        Assert.Equal(7946, identity.Port);
        Assert.Equal(5UL, identity.Generation);
        Assert.True(identity.IsIPv4);
        Assert.Equal("192.0.2.7:7946#5", identity.ToString());

        identity = new NodeIdentity(V6, ulong.MaxValue);
        Assert.Equal(V6, identity.EndPoint);
        Assert.False(identity.IsIPv4);
        Assert.Equal("[2001:db8::7]:7946#18446744073709551615", identity.ToString());
        Assert.Equal("(none)", default(NodeIdentity).ToString());
    }

    [Fact]
    public void An_ipv4_address_is_the_same_in_ipv6_clothes()
    {
        var plain = new NodeIdentity(V4, 1);
        var mapped = new NodeIdentity(new IPEndPoint(V4.Address.MapToIPv6(), V4.Port), 1);
        Assert.Equal(plain, mapped);
        Assert.True(mapped.IsIPv4);
        Assert.Equal(AddressFamily.InterNetwork, mapped.EndPoint.AddressFamily);
        Assert.Equal(plain.GetHashCode(), mapped.GetHashCode());
    }

    [Fact]
    public void The_scope_of_an_ipv6_address_is_not_part_of_an_identity()
    {
        var address = IPAddress.Parse("fe80::1");
        var scoped = new IPAddress(address.GetAddressBytes(), 3);

        Assert.Equal(
            new NodeIdentity(new IPEndPoint(address, 1), 1),
            new NodeIdentity(new IPEndPoint(scoped, 1), 1)
        );
    }

    [Fact]
    public void The_address_is_the_endpoint_without_the_generation()
    {
        var identity = new NodeIdentity(V4, 1);
        var later = new NodeIdentity(V4, 2);
        Assert.True(identity.HasSameAddress(later));
        Assert.Equal(identity.GetAddressHashCode(), later.GetAddressHashCode());
        Assert.NotEqual(identity, later);
        Assert.True(identity != later);
        Assert.False(identity == later);
        Assert.False(identity.Equals("192.0.2.7:7946#1"));
        Assert.False(identity.HasSameAddress(new NodeIdentity(new IPEndPoint(V4.Address, 7947), 1)));
        Assert.False(identity.HasSameAddress(new NodeIdentity(V6, 1)));
    }

    [Fact]
    public void Addresses_are_spread_over_the_hash_codes()
    {
        var codes = Enumerable.Range(1, 1000).Select(number => Nodes.At(number).GetAddressHashCode());
        Assert.True(codes.Distinct().Count() > 990);
    }

    [Fact]
    public void Of_two_with_one_address_exactly_one_wins()
    {
        ulong[] generations = [0, 1, 2, long.MaxValue, (ulong)long.MaxValue + 1, ulong.MaxValue];

        foreach (var left in generations.Select(generation => new NodeIdentity(V4, generation)))
        {
            foreach (var right in generations.Select(generation => new NodeIdentity(V4, generation)))
            {
                Assert.Equal(left.Generation > right.Generation, left.WinsAddressConflict(right));
                Assert.Equal(
                    left != right,
                    left.WinsAddressConflict(right) ^ right.WinsAddressConflict(left)
                );
            }
        }
    }

    [Fact]
    public void A_renewed_identity_has_the_same_address_and_wins()
    {
        var identity = new NodeIdentity(V6, 41);
        Assert.True(identity.TryRenew(out var renewed));
        Assert.Equal(new NodeIdentity(V6, 42), renewed);
        Assert.True(renewed.WinsAddressConflict(identity));
        Assert.False(new NodeIdentity(V6, ulong.MaxValue).TryRenew(out _));
    }

    [Fact]
    public void A_process_that_restarts_supersedes_its_former_self()
    {
        var clock = new FixedClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var before = NodeIdentity.Create(V4, clock);
        Assert.Equal(V4, before.EndPoint);
        Assert.Equal(1_772_366_400_000_000UL, before.Generation);

        clock.Now += TimeSpan.FromMicroseconds(1);
        var after = NodeIdentity.Create(V4, clock);
        Assert.Equal(before.Generation + 1, after.Generation);
        Assert.True(after.WinsAddressConflict(before));
    }

    /// <summary>A clock that went back to its beginning is old, and must not look like the far future.</summary>
    [Fact]
    public void A_clock_before_1970_makes_no_identity_that_always_wins()
    {
        var clock = new FixedClock(DateTimeOffset.UnixEpoch - TimeSpan.FromDays(1));
        var wrong = NodeIdentity.Create(V4, clock);
        clock.Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.True(NodeIdentity.Create(V4, clock).WinsAddressConflict(wrong));
    }

    [Fact]
    public void The_time_zone_of_the_clock_does_not_matter()
    {
        var utc = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var elsewhere = utc.ToOffset(TimeSpan.FromHours(9));

        Assert.Equal(
            NodeIdentity.Create(V4, new FixedClock(utc)),
            NodeIdentity.Create(V4, new FixedClock(elsewhere))
        );
    }

    [Fact]
    public void An_identity_without_a_generation_loses_to_every_other_at_its_address()
    {
        var unknown = NodeIdentity.Unknown(V4);
        Assert.Equal(0UL, unknown.Generation);
        Assert.True(new NodeIdentity(V4, 1).WinsAddressConflict(unknown));
    }

    public static TheoryData<string> Unreachable =>
        ["0.0.0.0:1", "[::]:1", "[::ffff:0.0.0.0]:1", "192.0.2.7:0", "[2001:db8::7]:0"];

    [Theory]
    [MemberData(nameof(Unreachable))]
    public void An_endpoint_that_no_member_can_have_is_refused_by_name(string endPoint)
    {
        var bad = IPEndPoint.Parse(endPoint);
        var exception = Assert.Throws<ArgumentException>(() => new NodeIdentity(bad, 1));
        Assert.Equal("endPoint", exception.ParamName);
        Assert.Contains(bad.ToString(), exception.Message, StringComparison.Ordinal);

        Assert.Equal(
            "endPoint",
            Assert
                .Throws<ArgumentException>(() =>
                    NodeIdentity.Create(bad, new FixedClock(DateTimeOffset.UnixEpoch))
                )
                .ParamName
        );
        Assert.Equal("endPoint", Assert.Throws<ArgumentException>(() => NodeIdentity.Unknown(bad)).ParamName);
    }

    [Fact]
    public void A_missing_endpoint_is_named()
    {
        var exception = Assert.Throws<ArgumentNullException>(() => new NodeIdentity(null!, 1));
        Assert.Equal("endPoint", exception.ParamName);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
