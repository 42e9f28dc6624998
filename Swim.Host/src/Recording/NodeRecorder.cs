using Microsoft.Extensions.Logging;
using Swim.Recording;

namespace Swim.Host;

/// <summary>The recording of a node, which is its only member, number 0.</summary>
internal sealed class NodeRecorder : IDisposable
{
    private const int Member = 0;

    private readonly RecordingWriter<NodeIdentity> _writer;
    private readonly StepRecorder<NodeIdentity> _steps;

    private NodeRecorder(
        RecordingWriter<NodeIdentity> writer,
        SwimNodeOptions options,
        SwimInstance<NodeIdentity> instance,
        ulong randomSeed,
        ILogger logger
    )
    {
        var path = options.RecordingPath!;
        var clock = options.TimeProvider;
        var started = clock.GetTimestamp();
        _writer = writer;

        _steps = new StepRecorder<NodeIdentity>(
            writer,
            Member,
            () => clock.GetElapsedTime(started).Ticks / TimeSpan.TicksPerMicrosecond,
            exception => Tell(logger, path, exception)
        );

        Log.Recording(logger, path);
        _steps.Start(instance.Identity, randomSeed, options.Config);
        instance.Observe(_steps);
    }

    /// <summary>
    /// Begins to record an instance, before its first step; null if the options ask for no recording.
    /// </summary>
    /// <exception cref="SwimStartException">The file cannot be made; the message says why.</exception>
    public static NodeRecorder? Start(
        SwimNodeOptions options,
        SwimInstance<NodeIdentity> instance,
        ulong randomSeed,
        ILogger logger
    ) =>
        options.RecordingPath is { } path
            ? new NodeRecorder(CreateWriter(path, options), options, instance, randomSeed, logger)
            : null;

    /// <summary>Ends the recording regularly.</summary>
    public void Dispose()
    {
        _steps.Stop();
        _writer.Dispose();
    }

    private static void Tell(ILogger logger, string path, Exception exception)
    {
        if (exception is RecordingFullException)
        {
            Log.RecordingFull(logger, path, exception.Message);
        }
        else
        {
            Log.RecordingFailed(logger, exception, path);
        }
    }

    private static RecordingWriter<NodeIdentity> CreateWriter(string path, SwimNodeOptions options)
    {
        var now = options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch;

        var about = new RecordingOptions
        {
            // A clock before 1970 is not set.
            StartedAt = Math.Max(0, now.Ticks / TimeSpan.TicksPerMicrosecond),
            KeepsPayloads = options.RecordBroadcastPayloads,
        };

        RecordingRotation? rotation = null;

        if (options.RecordingMaxBytes is { } maxBytes)
        {
            rotation = new RecordingFiles(path, options.CreateRecording).Within(maxBytes);
            RequireFree(RecordingFiles.PreviousOf(path));
        }

        try
        {
            var file = options.CreateRecording(path);

            try
            {
                return new RecordingWriter<NodeIdentity>(file, NodeIdentityCodec.Instance, about, rotation);
            }
            catch
            {
                // The file is empty, and would prevent the next start.
                file.Dispose();
                File.Delete(path);
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SwimStartException(Explain(path, exception), exception);
        }
    }

    // It would be overwritten when the first file is full.
    private static void RequireFree(string previous)
    {
        if (Path.Exists(previous))
        {
            throw new SwimStartException(
                $"Cannot record within a bound: {previous} exists already, and would be overwritten. Move it away, or choose another RecordingPath."
            );
        }
    }

    private static string Explain(string path, Exception exception) =>
        exception switch
        {
            DirectoryNotFoundException =>
                $"Cannot record to {path}: there is no such folder. Make it, or choose another RecordingPath.",
            UnauthorizedAccessException =>
                $"Cannot record to {path}: it is not permitted. Choose another RecordingPath.",
            _ when Path.Exists(path) =>
                $"Cannot record to {path}: the file exists already. Move it away, or choose another RecordingPath.",
            _ => $"Cannot record to {path}: {exception.Message}",
        };
}
