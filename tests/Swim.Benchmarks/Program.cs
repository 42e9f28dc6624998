using System.Globalization;
using BenchmarkDotNet.Running;
using Swim.Benchmarks;

const string Usage = """
    core [--work NAME] [--json]                       every work at every size, in two minutes
    cluster [--nodes N] [--seconds N] [--json]        real members on loopback sockets
    full [BenchmarkDotNet's options]                  every work with BenchmarkDotNet
    """;

var isJson = args.Contains("--json");

switch (args.FirstOrDefault())
{
    case "core" when Text("--work") is null || Catalog.Works.ContainsKey(Text("--work")!):
        CoreMode.Run(isJson, Text("--work"));
        return 0;
    case "cluster"
        when Number("--nodes", 200) is >= 2 and <= 1000 and var nodes
            && Number("--seconds", 20) is >= 1 and var seconds:
        return await ClusterMode.RunAsync(nodes, TimeSpan.FromSeconds(seconds), isJson);
    case "full":
        BenchmarkRunner.Run<FullMode>(null, args[1..]);
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            $"Type one of these; works are {string.Join(", ", Catalog.Works.Keys)}:\n{Usage}"
        );
        return 2;
}

string? Text(string option) =>
    Array.IndexOf(args, option) is >= 0 and var at ? args.ElementAtOrDefault(at + 1) ?? "" : null;

int Number(string option, int otherwise) =>
    Text(option) is not { } text ? otherwise
    : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
    : -1;
