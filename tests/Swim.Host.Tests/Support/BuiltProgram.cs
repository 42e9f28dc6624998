namespace Swim.Host.Tests.Support;

/// <summary>Programs that are built beside the tests, in the same configuration and for the same framework.</summary>
internal static class BuiltProgram
{
    /// <summary>The path of a program.</summary>
    /// <param name="project">Its folder, from the root of the repository.</param>
    /// <param name="name">The name of its assembly.</param>
    public static string PathOf(string project, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);

        return Path.GetFullPath(
            Path.Combine(
                output.FullName,
                "../../../../..",
                project,
                "bin",
                output.Parent!.Name,
                output.Name,
                $"{name}.dll"
            )
        );
    }
}
