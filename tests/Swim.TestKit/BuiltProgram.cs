namespace Swim.TestKit;

/// <summary>Finds programs that are built with the tests, in the same configuration and for the same framework.</summary>
public static class BuiltProgram
{
    /// <summary>Returns the path of a program.</summary>
    /// <param name="project">The folder of its project, relative to the root of the repository.</param>
    /// <param name="name">The name of its assembly.</param>
    public static string PathOf(string project, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);

        return RepositoryFiles.PathOf(project, "bin", output.Parent!.Name, output.Name, $"{name}.dll");
    }
}
