namespace Swim.CSharp.Tests.Support;

/// <summary>The files of the repository that this test assembly was built in.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "node_modules"];

    private static readonly string Root = FindRoot();

    /// <summary>The full path of something in the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file in the repository.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    /// <summary>Every file under a directory, generated and hidden ones left out, relative to the root.</summary>
    public static IEnumerable<string> Files(string directory, params string[] extensions) =>
        Directory
            .EnumerateFiles(PathOf(directory), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => extensions.Contains(Path.GetExtension(path)))
            .Where(path =>
                !path.Split(Path.DirectorySeparatorChar)
                    .Any(part => Generated.Contains(part) || (part.Length > 1 && part[0] == '.'))
            );

    private static string FindRoot()
    {
        for (
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            directory is not null;
            directory = directory.Parent
        )
        {
            if (File.Exists(Path.Combine(directory.FullName, "Swim.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"no Swim.sln above {AppContext.BaseDirectory}");
    }
}

/// <summary>Rules that many things have to keep.</summary>
internal static class Offenders
{
    /// <summary>Fails with every offender in full; the assertions of xUnit cut long lists and texts.</summary>
    public static void AssertNone(IEnumerable<string> offenders)
    {
        var all = offenders.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }
}
