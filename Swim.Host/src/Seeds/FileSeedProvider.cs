namespace Swim.Host;

/// <summary>
/// The seeds in a file, one <c>HOST:PORT</c> a line; empty lines and what follows a <c>#</c> count for nothing. The
/// file is watched: other seeds in it are asked at once. It need not exist yet.
/// </summary>
public sealed class FileSeedProvider : ISeedProvider, IDisposable
{
    // More than a cluster needs; a file with more is a mistake that would make a storm.
    private const int MaxSeeds = 1000;
    private const int MaxBytes = 1 << 20;

    private readonly string _path;
    private readonly FileSystemWatcher _watcher;

    /// <param name="path">The file. Its folder must exist.</param>
    /// <exception cref="ArgumentException">There is no such folder.</exception>
    public FileSeedProvider(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
        Bounds.Require(
            Bounds.IsInFolder(path),
            nameof(path),
            $"is {path}, which is in no folder that exists"
        );

        // The whole folder: files are often replaced by renaming or, in a mounted ConfigMap, by a link to elsewhere.
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
    /// <exception cref="FormatException">A line is no seed, or there are too many; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        if (new FileInfo(_path).Length > MaxBytes)
        {
            throw new FormatException($"{_path} is longer than {MaxBytes} bytes; it is no list of seeds");
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
            : throw new FormatException($"{_path} has {seeds.Count} seeds; at most {MaxSeeds}");
    }

    /// <summary>Watches no longer.</summary>
    public void Dispose() => _watcher.Dispose();

    private SeedAddress Parse(string text, int number)
    {
        try
        {
            return SeedAddress.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{_path}, line {number}: {exception.Message}", exception);
        }
    }

    private void OnChanged(object sender, FileSystemEventArgs change) =>
        SeedsChanged?.Invoke(this, EventArgs.Empty);
}
