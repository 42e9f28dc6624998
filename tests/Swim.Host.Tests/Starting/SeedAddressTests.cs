using System.Net;

namespace Swim.Host.Tests.Starting;

/// <summary>How seeds are written.</summary>
public sealed class SeedAddressTests
{
    [Theory]
    [InlineData("10.0.0.1:7946", "10.0.0.1", 7946)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("255.255.255.254:65535", "255.255.255.254", 65535)]
    [InlineData("[fd00::1]:7946", "fd00::1", 7946)]
    [InlineData("[::1]:7946", "::1", 7946)]
    [InlineData("[::ffff:10.0.0.1]:7946", "::ffff:10.0.0.1", 7946)]
    public async Task Addresses_stand_for_themselves(string text, string address, int port)
    {
        var seed = SeedAddress.Parse(text);
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);

        Assert.Equal(text, seed.ToString());
        Assert.Equal(port, seed.Port);
        Assert.Equal(endPoint, seed.Literal);
        Assert.Equal(endPoint, Assert.Single(await seed.ResolveAsync(Deadline.Token)));
    }

    [Theory]
    [InlineData("localhost:7946", "localhost")]
    [InlineData("seed.example.org:80", "seed.example.org")]
    [InlineData("seed.example.org.:80", "seed.example.org.")]
    [InlineData("seed_1:80", "seed_1")]
    [InlineData("node-0.swim.default.svc:65535", "node-0.swim.default.svc")]
    public void Names_are_resolved_later(string text, string host)
    {
        var seed = SeedAddress.Parse(text);
        Assert.Equal(text, seed.ToString());
        Assert.Equal(host, seed.Host);
        Assert.Null(seed.Literal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData(":7946")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("localhost:+1")]
    [InlineData("localhost: 1")]
    [InlineData("localhost:1 ")]
    [InlineData("localhost:0x10")]
    [InlineData("localhost:1,000")]
    [InlineData("local host:7946")]
    [InlineData("udp://localhost:7946")]
    [InlineData("fd00::1:7946")]
    [InlineData("[fd00::1]")]
    [InlineData("[fd00::1:7946")]
    [InlineData("[fd00::xyz]:7946")]
    [InlineData("[localhost]:7946")]
    public void Anything_else_is_refused_with_the_text_and_what_it_should_be(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SeedAddress.Parse(text));
        Assert.Contains($"'{text}'", refused.Message);
        Assert.Matches("HOST:PORT|host name", refused.Message);
    }

    /// <summary>No member can be reached there, so the address is refused before joining.</summary>
    [Theory]
    [InlineData("0.0.0.0:7946")]
    [InlineData("[::]:7946")]
    public void The_any_address_is_refused(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SeedAddress.Parse(text));
        Assert.Contains(text, refused.Message);
    }

    /// <summary>The resolver throws at such a name, instead of not finding it.</summary>
    [Fact]
    public void A_name_that_is_too_long_to_be_resolved_is_refused()
    {
        var refused = Assert.Throws<FormatException>(() => SeedAddress.Parse($"{Names.TooLong}:7946"));
        Assert.Contains(Names.TooLong, refused.Message);
    }

    [Fact]
    public void Nothing_is_no_seed() => Assert.Throws<ArgumentNullException>(() => SeedAddress.Parse(null!));

    [Fact]
    public async Task A_name_that_is_known_resolves()
    {
        var endPoints = await SeedAddress.Parse("localhost:7946").ResolveAsync(Deadline.Token);
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 7946), endPoints);
    }
}
