using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Swim.TestKit;

/// <summary>A <c>swim agent</c> as a process of its own, and what it prints.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<AgentProcess, bool> Running = new();

    /// <summary>
    /// The words before a command that runs it with SIGINT at its default. Tests may run as a background job, which
    /// inherits SIGINT ignored and passes that on. Only GNU coreutils have this option, from version 8.31 on.
    /// </summary>
    private static readonly Lazy<string[]> InterruptDefault = new(() =>
    {
        string[] words = ["env", "--default-signal=INT"];
        return Succeeds([.. words, "true"]) ? words : [];
    });

    /// <summary>The words before a command that runs it with SIGINT ignored, as a shell runs <c>cmd &amp;</c>.</summary>
    private static readonly string[] InterruptIgnored = ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"];

    private readonly Lock _lock = new();
    private readonly List<AgentEvent> _events = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;
    private readonly Task _reading;
    private TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A test run that is aborted must not leave processes behind.
    static AgentProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private AgentProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadEventsAsync(), ReadErrorsAsync());
        Running.TryAdd(this, true);
    }

    /// <summary>The events on stdout so far.</summary>
    public IReadOnlyList<AgentEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The lines on stderr so far.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lock)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>Starts <c>swim agent --json</c> with these arguments.</summary>
    public static AgentProcess Start(params IEnumerable<string> arguments) =>
        Start(InterruptDefault.Value, arguments);

    /// <summary>Starts <c>swim agent --json</c> as a child of a parent that ignores SIGINT.</summary>
    public static AgentProcess StartIgnoringInterrupt(params IEnumerable<string> arguments) =>
        Start(InterruptIgnored, arguments);

    /// <summary>Waits for a matching event, printed before or after this call.</summary>
    public async Task<AgentEvent> UntilAsync(string what, Func<AgentEvent, bool> matches)
    {
        while (true)
        {
            Task printed;

            lock (_lock)
            {
                printed = _printed.Task;

                if (_events.Find(entry => matches(entry)) is { } found)
                {
                    return found;
                }
            }

            var next = await Task.WhenAny(printed, _reading).Within($"{what}; {this}");
            Assert.True(next == printed || printed.IsCompleted, $"it ended before {what}; {this}");
        }
    }

    /// <summary>Sends a signal by its name, such as STOP: the numbers differ between systems.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync(Deadline.Token).Within($"{signal} is sent");
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until the process exited and all of its output was read.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Deadline.Token).Within($"it exits; {this}");
        await _reading.Within("its output ends");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in Events.Select(entry => entry.ToString()).Concat(Errors))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{_process.Id}: {line}");
        }

        Running.TryRemove(this, out _);
        _process.Kill(entireProcessTree: true);
        await ExitAsync();
        _process.Dispose();
    }

    public override string ToString() =>
        $"process {_process.Id} printed [{string.Join(" ", Events)}] and [{string.Join(" ", Errors)}]";

    // The launcher replaces itself by the command, so the process has one id from start to end.
    private static AgentProcess Start(string[] launcher, IEnumerable<string> arguments)
    {
        var tool = BuiltProgram.PathOf("Swim.Cli", "swim");
        string[] words = [.. launcher, "dotnet", tool, "agent", "--json", .. arguments];

        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        return new AgentProcess(Process.Start(start)!);
    }

    private static bool Succeeds(string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true };

        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static void KillAll()
    {
        foreach (var agent in Running.Keys)
        {
            agent._process.Kill(entireProcessTree: true);
        }
    }

    private async Task ReadEventsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            TaskCompletionSource printed;

            lock (_lock)
            {
                _events.Add(AgentEvent.Parse(line));
                printed = _printed;
                _printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            printed.SetResult();
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _errors.Add(line);
            }
        }
    }
}
