using System.Text.RegularExpressions;

namespace Swim.Repository.Tests.Support;

/// <summary>The rooms of a project: the folders of its sources, and the types that each declares.</summary>
internal sealed partial class Rooms
{
    // By the full names of types, without what compilers add.
    private readonly ILookup<string, string> _ofTypes;

    // By the names of files; in F#, in the order in which they are compiled.
    private readonly ILookup<string, string> _ofFiles;

    public Rooms(Project project)
    {
        var sources = Path.Combine(project.Folder, "src");
        var files = RepositoryFiles
            .Files(sources, ".cs")
            .Concat(project.Compiled.Select(file => Path.Combine(project.Folder, file)))
            .Select(file => (Path: file, Room: RoomOf(Path.GetRelativePath(sources, file))))
            .ToList();

        _ofTypes = files
            .SelectMany(file => Declared(file.Path).Select(type => (type, file.Room)))
            .Distinct()
            .ToLookup(declared => declared.type, declared => declared.Room);

        _ofFiles = files.ToLookup(file => Path.GetFileNameWithoutExtension(file.Path), file => file.Room);
    }

    /// <summary>All rooms; files outside of any folder are in the room <c>.</c>.</summary>
    public IEnumerable<string> Names => _ofFiles.SelectMany(rooms => rooms).Distinct();

    /// <summary>
    /// The room of a type. None if the compiler made the type, except for what F# makes of a whole file.
    /// </summary>
    public string? Of(Type type)
    {
        var name = type.FullName!.Split('`')[0];

        if (FSharpFile().Match(name) is { Success: true } made)
        {
            var place = made.Groups["place"] is { Success: true } found ? int.Parse(found.ValueSpan) - 1 : 0;
            return _ofFiles[made.Groups["file"].Value].ElementAtOrDefault(place);
        }

        return _ofTypes[name].Concat(_ofTypes[FSharpModule().Replace(name, "")]).FirstOrDefault();
    }

    private static string RoomOf(string file) =>
        file.Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : ".";

    // A formatted source has the types of a namespace at the margin.
    private static IEnumerable<string> Declared(string file)
    {
        var space = "";

        foreach (var line in File.ReadLines(RepositoryFiles.PathOf(file)))
        {
            if (Namespace().Match(line) is { Success: true } begun)
            {
                space = begun.Groups["name"].Value;
            }
            else if (FileModule().Match(line) is { Success: true } module)
            {
                yield return module.Groups["name"].Value;
            }
            else if (TypeDeclaration().Match(line) is { Success: true } type)
            {
                yield return $"{space}.{type.Groups["name"].Value}";
            }
        }
    }

    [GeneratedRegex(@"^<StartupCode\$[\w-]+>\.\$(?<file>\w+?)(___(?<place>\d+))?$")]
    private static partial Regex FSharpFile();

    [GeneratedRegex("Module$")]
    private static partial Regex FSharpModule();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^module (internal )?(?<name>\w+\.[\w.]+)$")]
    private static partial Regex FileModule();

    [GeneratedRegex(
        @"^([a-z][\w ]* )?(class|struct|record|interface|enum|delegate [\w<>?]+|type|module|and|exception)"
            + @" ((private|internal|\[<.*?>\]) )*(?<name>[A-Z]\w*)"
    )]
    private static partial Regex TypeDeclaration();
}
