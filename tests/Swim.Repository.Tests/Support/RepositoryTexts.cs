namespace Swim.Repository.Tests.Support;

/// <summary>The texts of the repository that people write: documents, sources, scripts and settings.</summary>
internal static class RepositoryTexts
{
    // What is built or generated, and the vectors, whose words are those of the formats.
    private static readonly string[] Skipped =
    [
        ".git",
        "TestResults",
        "artifacts",
        "bin",
        "node_modules",
        "obj",
        "spec/vectors/recordings",
        "states",
        "tests/Swim.Fuzz/corpus",
    ];

    private static readonly string[] Extensions =
    [
        ".cjs",
        ".cs",
        ".csproj",
        ".css",
        ".editorconfig",
        ".fs",
        ".fsproj",
        ".fsx",
        ".html",
        ".js",
        ".json",
        ".md",
        ".props",
        ".sh",
        ".targets",
        ".tla",
        ".txt",
        ".xml",
        ".yaml",
        ".yml",
    ];

    /// <summary>Their paths, from the root of the repository, with <c>/</c> between folders.</summary>
    public static IEnumerable<string> All => Below(RepositoryFiles.Root).Where(IsText);

    private static IEnumerable<string> Below(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Select(PathOf)
            .Concat(Directory.EnumerateDirectories(folder).Where(IsWritten).SelectMany(Below));

    private static bool IsWritten(string folder) =>
        !Skipped.Contains(Path.GetFileName(folder)) && !Skipped.Contains(PathOf(folder));

    private static bool IsText(string path) => IsScript(path) || Extensions.Any(path.EndsWith);

    // Scripts have no extension.
    private static bool IsScript(string path) =>
        path.StartsWith(".ci/", StringComparison.Ordinal)
        || (path.StartsWith("tla/", StringComparison.Ordinal) && !path.Contains('.'));

    private static string PathOf(string full) =>
        Path.GetRelativePath(RepositoryFiles.Root, full).Replace('\\', '/');
}
