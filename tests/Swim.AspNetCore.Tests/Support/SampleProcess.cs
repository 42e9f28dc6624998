using System.Diagnostics;
using System.Threading.Channels;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>A sample as a process, and the lines that it prints.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private readonly Process _process;

    public SampleProcess(string name, params IEnumerable<string> arguments)
    {
        var program = BuiltProgram.PathOf($"samples/{name}", name);

        _process = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetDirectoryName(program),
            }
        )!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The next line that holds this text.</summary>
    public async Task<string> LineAsync(string text)
    {
        while (true)
        {
            var line = await _lines
                .Reader.ReadAsync(Deadline.Token)
                .AsTask()
                .Within($"'{text}' after: {string.Join("\n", _seen)}");
            _seen.Add(line);

            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Ends by itself, with success.</summary>
    public async Task EndsAsync()
    {
        await _process.WaitForExitAsync(Deadline.Token).Within("it ends");
        Assert.Equal(0, _process.ExitCode);
    }

    /// <summary>Ends it without a word.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
