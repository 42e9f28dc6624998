using System.Net;
using static Swim.Host.Bounds;

namespace Swim.Host;

/// <summary>Reads the options of a node from the texts of <see cref="SwimOptions"/>.</summary>
internal static class SwimOptionsReading
{
    /// <summary>The options of the node.</summary>
    /// <exception cref="ArgumentException">A field cannot be used; the message names it.</exception>
    public static SwimNodeOptions ToNodeOptions(this SwimOptions options)
    {
        Require(options.ClusterSize >= 1, nameof(options.ClusterSize), "must be at least 1");
        Require(options.MinimumMembers >= 1, nameof(options.MinimumMembers), "must be at least 1");
        Require(
            options.JoinTimeout is null || options.JoinTimeout > TimeSpan.Zero,
            nameof(options.JoinTimeout),
            "must be more than zero, or null not to wait"
        );
        Require(
            options.SeedsFile is null || IsInFolder(options.SeedsFile),
            nameof(options.SeedsFile),
            "must be a file in a folder that exists, or null for none"
        );
        Require(Enum.IsDefined(options.Preset), nameof(options.Preset), "must be Lan, Wan or Local");

        var node = new SwimNodeOptions
        {
            BindEndPoint = EndPoint(options.Bind, nameof(options.Bind)),
            AdvertiseEndPoint = options.Advertise is { } advertise
                ? EndPoint(advertise, nameof(options.Advertise))
                : null,
            Seeds = [.. options.Seeds.Select(Seed)],
            MembersPath = options.MembersFile,
            Config = Config(options),
            JoinRetryMin = Shorter(TimeSpan.FromMilliseconds(500), options.JoinRetryMax),
            JoinRetryMax = options.JoinRetryMax,
            SeedRefreshPeriod = options.SeedRefreshPeriod,
            LeaveTimeout = options.LeaveTimeout,
            RecordingPath = options.RecordingPath,
            RecordingMaxBytes = options.RecordingMaxBytes,
        };

        node = options.ConfigureNode?.Invoke(node) ?? node;
        node.Validate();
        return node;
    }

    private static SwimConfig Config(SwimOptions options) =>
        options.Preset switch
        {
            SwimPreset.Wan => SwimConfig.Wan(options.ClusterSize),
            SwimPreset.Local => SwimConfig.Local(options.ClusterSize),
            _ => SwimConfig.Lan(options.ClusterSize),
        };

    private static IPEndPoint EndPoint(string text, string field)
    {
        // "7946" alone would be read as the address 0.0.31.10.
        var isEndPoint =
            IPEndPoint.TryParse(text ?? "", out var endPoint) && text!.AsSpan().ContainsAny('.', ':');
        Require(isEndPoint, field, $"must be ADDRESS:PORT, for example 10.0.0.1:7946, but is '{text}'");
        return endPoint!;
    }

    private static SeedAddress Seed(string text)
    {
        try
        {
            return SeedAddress.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException(
                $"Seeds has an invalid entry. {exception.Message}",
                nameof(text),
                exception
            );
        }
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
