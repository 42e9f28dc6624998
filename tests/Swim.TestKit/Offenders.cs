namespace Swim.TestKit;

/// <summary>Rules that many things have to keep.</summary>
public static class Offenders
{
    /// <summary>Fails with every offender in full; the assertions of xUnit cut long lists and texts.</summary>
    public static void AssertNone(IEnumerable<string> offenders)
    {
        var all = offenders.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }
}
