using System.Net;

namespace Swim.Repository.Tests;

/// <summary>The code of the package's README compiles, and does what the README says.</summary>
public sealed class ReadmeSampleTests
{
    private static readonly string[] Expected =
    [
        "MemberUp 10.0.0.1:7946#1",
        "Active 10.0.0.2:7946#1",
        "a timer in 1 s",
        "a timer in 30 s",
        "a timer in 0.2 s",
        "a timer in 65 s",
        "Bob knows 10.0.0.1:7946#1, Alive",
    ];

    [Fact]
    public void The_sample_prints_what_the_readme_says()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Run(output);
        Assert.Equal(Expected, output.ToString().TrimEnd('\n').Split('\n'));

        var readme = RepositoryFiles.Read("Swim.CSharp", "README.md");
        Assert.Contains(string.Join("\n", Expected), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_the_code_of_the_readme_line_by_line()
    {
        var source = File.ReadLines(
                RepositoryFiles.PathOf("tests", "Swim.Repository.Tests", "ReadmeSampleTests.cs")
            )
            .SkipWhile(line => !line.EndsWith("// begin", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.EndsWith("// end", StringComparison.Ordinal))
            .Select(line => line.Length > 8 ? line[8..] : "")
            .ToList();

        var readme = RepositoryFiles.Read("Swim.CSharp", "README.md");
        var code = readme.Split("```csharp\n")[1].Split("\n```")[0].Split('\n');
        Assert.Equal(code.Select(line => line.Replace("Console.", "output.")), source);
    }

    private static void Run(TextWriter output)
    {
        // begin
        var alice = Start("10.0.0.1:7946", randomSeed: 1);
        var bob = Start("10.0.0.2:7946", randomSeed: 2);
        var aliceWants = new AccumulatingRuntime<NodeIdentity>();
        var bobWants = new AccumulatingRuntime<NodeIdentity>();

        // Bob knows an address. His Announce reaches Alice, her Feed reaches Bob.
        bob.Announce(NodeIdentity.Unknown(alice.Identity.EndPoint), bobWants);
        while (bobWants.TryTakePacket(out var packet))
            alice.HandleData(packet.Data.Span, aliceWants); // an error code, never an exception
        while (aliceWants.TryTakePacket(out var packet))
            bob.HandleData(packet.Data.Span, bobWants);

        while (bobWants.TryTakeEvent(out var occurred))
            output.WriteLine($"{occurred.Kind} {occurred.Identity}");
        while (bobWants.TryTakeTimer(out var wanted)) // to be given to bob.HandleTimer by then
            output.WriteLine($"a timer in {wanted.After.TotalSeconds} s");
        foreach (var member in bob.Members)
            output.WriteLine($"Bob knows {member.Identity}, {member.Status}");

        // NodeIdentity.Create would take the generation from the clock.
        static SwimInstance<NodeIdentity> Start(string endPoint, ulong randomSeed) =>
            new(
                new(IPEndPoint.Parse(endPoint), 1),
                SwimConfig.Lan(2),
                NodeIdentityCodec.Instance,
                randomSeed
            );
        // end
    }
}
