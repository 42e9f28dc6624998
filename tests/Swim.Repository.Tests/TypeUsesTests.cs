using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace Swim.Repository.Tests;

/// <summary>Else the tests of rooms would overlook a way to use a type.</summary>
public sealed class TypeUsesTests
{
    [Theory]
    [InlineData(typeof(List<>), "base")]
    [InlineData(typeof(IEqualityComparer<>), "interface")]
    [InlineData(typeof(StringBuilder), "field")]
    [InlineData(typeof(IPEndPoint), "parameter")]
    [InlineData(typeof(IPAddress), "result")]
    [InlineData(typeof(DnsEndPoint), "new")]
    [InlineData(typeof(Dns), "static call")]
    [InlineData(typeof(PingReply), "type argument, in an array")]
    [InlineData(typeof(Ping), "in a lambda")]
    [InlineData(typeof(RandomNumberGenerator), "after an await")]
    [InlineData(typeof(WebUtility), "behind a large switch")]
    [InlineData(typeof(PhysicalAddress), "test of a type")]
    public void A_type_is_seen_wherever_code_uses_it(Type used, string where)
    {
        Assert.NotEmpty(where);
        var uses = TypeUses.In(typeof(User).Assembly).Where(use => use.User == typeof(User));
        Assert.Contains(used, uses.Select(use => use.Used));
    }

    [Fact]
    public void A_type_that_is_not_used_is_not_seen()
    {
        var uses = TypeUses.In(typeof(User).Assembly).Where(use => use.User == typeof(User)).ToList();
        Assert.DoesNotContain(typeof(Aes), uses.Select(use => use.Used));
        Assert.DoesNotContain(typeof(User), uses.Select(use => use.Used));
    }
}

internal sealed class User : List<int>, IEqualityComparer<Half>
{
    private readonly StringBuilder _field = new();

    public static bool TakesAndTests(IPEndPoint parameter, object tested) =>
        parameter.Port > 0 && tested is PhysicalAddress;

    public static IPAddress? Returns() => null;

    public static object Makes() => new DnsEndPoint("a", 1);

    public static string Calls() => Dns.GetHostName();

    public static List<PingReply[]> HasArguments() => [];

    public static Func<object> HasLambda() => () => new Ping();

    public static async Task<byte[]> Awaits()
    {
        await Task.Yield();
        return RandomNumberGenerator.GetBytes(1);
    }

    public static string? Switches(int value) =>
        value switch
        {
            0 => "a",
            1 => "b",
            2 => "c",
            3 => "d",
            4 => "e",
            5 => "f",
            _ => WebUtility.UrlDecode("g"),
        };

    public bool Equals(Half x, Half y) => _field.Length > 0;

    public int GetHashCode(Half obj) => 0;
}
