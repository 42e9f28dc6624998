using System.Reflection;
using System.Xml.Linq;

namespace Swim.Repository.Tests.Support;

/// <summary>A project of the repository, as its project file describes it.</summary>
internal sealed record Project(string File, XElement Xml)
{
    /// <summary>The projects of production: those at the top of the repository.</summary>
    public static IReadOnlyList<Project> Production { get; } =
    [
        .. All.Where(project =>
                project.File.Split('/') is [var folder, _]
                && folder.StartsWith("Swim.", StringComparison.Ordinal)
            )
            .OrderBy(project => project.Name, StringComparer.Ordinal),
    ];

    public static IEnumerable<Project> All =>
        RepositoryFiles
            .Files(".", ".csproj", ".fsproj")
            .Select(file => new Project(
                file.Replace('\\', '/'),
                XElement.Load(RepositoryFiles.PathOf(file), LoadOptions.PreserveWhitespace)
            ));

    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>The folder of the project, from the root of the repository.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    public string AssemblyName => Xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? Name;

    /// <summary>The assembly that these tests were built with.</summary>
    public Assembly Assembly => Assembly.Load(AssemblyName);

    /// <summary>The projects that this one refers to, by name.</summary>
    public IEnumerable<string> References =>
        Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!);

    /// <summary>The files that it compiles, in their order, relative to its folder; only in F#.</summary>
    public IEnumerable<string> Compiled => Included("Compile");

    /// <summary>What its items of one kind include.</summary>
    public IEnumerable<string> Included(string item) =>
        Xml.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
