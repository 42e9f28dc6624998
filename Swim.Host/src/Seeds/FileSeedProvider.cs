namespace Swim.Host;

/// <summary>
/// Provides the seeds in a file, one <c>HOST:PORT</c> per line. Empty lines and comments after <c>#</c> are
/// ignored. The provider watches the file: the node asks its seeds as soon as it changes. The file need not exist.
/// </summary>
public sealed class FileSeedProvider : ISeedProvider, IDisposable
{
    // More than a cluster needs. A file with more is a mistake that would cause a storm of packets.
    private const int MaxSeeds = 1000;
    private const int MaxBytes = 1 << 20;

    private readonly string _path;
    private readonly FileSystemWatcher _watcher;

    /// <summary>Makes a provider for a file, and watches the file.</summary>
    /// <param name="path">The path of the file. Its folder must exist.</param>
    /// <exception cref="ArgumentException">The folder of the file does not exist.</exception>
    public FileSeedProvider(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);

        if (!Bounds.IsInFolder(path))
        {
            throw new ArgumentException(
                $"The path must be in a folder that exists, but is {path}.",
                nameof(path)
            );
        }

        // Watches the whole folder: files are often replaced by renaming or, in a mounted ConfigMap, by a link.
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!);
        _watcher.Created += OnChanged;
        _watcher.Changed += OnChanged;
        _watcher.Renamed += OnChanged;
        _watcher.Deleted += OnChanged;
        _watcher.EnableRaisingEvents = true;
    }

    /// <inheritdoc/>
    public event EventHandler? SeedsChanged;

    /// <summary>The seeds in the file; none if it does not exist.</summary>
    /// <param name="cancellationToken">Cancels reading the file.</param>
    /// <exception cref="FormatException">
    /// A line is not <c>HOST:PORT</c>, or the file has more than 1,000 seeds; the message says which.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        if (new FileInfo(_path).Length > MaxBytes)
        {
            throw new FormatException(
                $"A file of seeds can have at most {MaxBytes} bytes, but {_path} has more."
            );
        }

        var lines = await File.ReadAllLinesAsync(_path, cancellationToken).ConfigureAwait(false);
        var seeds = new List<SeedAddress>();

        for (var number = 1; number <= lines.Length; number++)
        {
            var text = lines[number - 1].Split('#')[0].Trim();

            if (text.Length > 0)
            {
                seeds.Add(Parse(text, number));
            }
        }

        return seeds.Count <= MaxSeeds
            ? seeds
            : throw new FormatException(
                $"A file of seeds can have at most {MaxSeeds} seeds, but {_path} has {seeds.Count}."
            );
    }

    /// <summary>Stops watching the file.</summary>
    public void Dispose() => _watcher.Dispose();

    private SeedAddress Parse(string text, int number)
    {
        try
        {
            return SeedAddress.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"Line {number} of {_path} is invalid. {exception.Message}", exception);
        }
    }

    private void OnChanged(object sender, FileSystemEventArgs change) =>
        SeedsChanged?.Invoke(this, EventArgs.Empty);
}
