using System.Diagnostics;

namespace Swim.Benchmarks;

/// <summary>
/// Runs this program again with the settings for a process that should stay small. Left alone, the runtime gives the
/// first generation as much room as the processor has cache, and what a cluster costs drowns in garbage that there was
/// no reason to collect.
/// </summary>
internal static class SmallRuntime
{
    // A mebibyte, in the hexadecimal that the runtime reads.
    private static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_GCGen0MaxBudget", "100000"),
        ("DOTNET_TieredPGO", "0"),
    ];

    public static bool IsThis =>
        Settings.All(setting => Environment.GetEnvironmentVariable(setting.Name) == setting.Value);

    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments);

        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
