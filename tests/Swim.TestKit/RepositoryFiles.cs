namespace Swim.TestKit;

/// <summary>The files of the repository that this test assembly was built in.</summary>
public static class RepositoryFiles
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "node_modules"];

    /// <summary>The full path of the folder that holds <c>Swim.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

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

        throw new InvalidOperationException($"There is no Swim.sln above {AppContext.BaseDirectory}.");
    }
}
