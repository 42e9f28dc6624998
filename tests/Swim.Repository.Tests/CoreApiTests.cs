namespace Swim.Repository.Tests;

/// <summary>
/// The public API of the core is written down. The analyzer that does so for the C# libraries knows no F#, so
/// here a test does.
/// </summary>
public sealed class CoreApiTests
{
    private static readonly string Path = RepositoryFiles.PathOf("Swim.Core", "PublicAPI.txt");

    [Fact]
    public void The_public_api_is_the_one_that_is_written_down()
    {
        var now = ApiText.Of(typeof(Core.State<>).Assembly).ToList();

        if (Environment.GetEnvironmentVariable("SWIM_WRITE_API") == "1")
        {
            File.WriteAllLines(Path, now);
        }

        var before = File.ReadAllLines(Path);
        var gone = before.Except(now).Select(line => $"gone:  {line}");
        var added = now.Except(before).Select(line => $"added: {line}");
        var differences = gone.Concat(added).ToList();
        Offenders.AssertNone(
            differences.Count == 0
                ? []
                : [.. differences, "If that is meant, type .ci/api, which writes it down."]
        );
    }

    /// <summary>Else the test above would hold of a text that leaves out what breaks callers.</summary>
    [Theory]
    [InlineData(
        "Swim.Repository.Tests.Support.ApiSample<T> is abstract class : System.IDisposable, System.Object"
    )]
    [InlineData("Swim.Repository.Tests.Support.ApiSample<T>.Limit = 7")]
    [InlineData("Swim.Repository.Tests.Support.ApiSample<T>.new(System.Int32 count)")]
    [InlineData("Swim.Repository.Tests.Support.ApiSample<T>.get_Names() -> System.String[]")]
    [InlineData("Swim.Repository.Tests.Support.ApiSample<T>.Dispose() -> System.Void")]
    [InlineData(
        "Swim.Repository.Tests.Support.ApiSample<T>.static Pick<U>(ref T from, U to) -> System.Nullable<System.Int32>"
    )]
    public void The_text_of_the_api_has_each_kind_of_member(string line) =>
        Assert.Contains(line, ApiText.Of(typeof(ApiSample<>)));

    [Fact]
    public void The_text_of_the_api_leaves_out_what_no_other_assembly_can_use() =>
        Assert.DoesNotContain(ApiText.Of(typeof(ApiSample<>)), line => line.Contains("Hidden"));
}
