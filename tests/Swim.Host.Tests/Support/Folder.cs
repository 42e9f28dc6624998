namespace Swim.Host.Tests.Support;

/// <summary>A folder for one test.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("swim-tests-");

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>The names of the files in it.</summary>
    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name);

    public void Dispose() => _folder.Delete(recursive: true);
}
