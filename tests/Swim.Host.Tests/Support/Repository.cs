namespace Swim.Host.Tests.Support;

/// <summary>The files of the repository that this test assembly was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>The full path of something in the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);

        while (!File.Exists(Path.Combine(directory.FullName, "Swim.sln")))
        {
            directory =
                directory.Parent
                ?? throw new InvalidOperationException($"no Swim.sln above {AppContext.BaseDirectory}");
        }

        return directory.FullName;
    }
}
