using System.Globalization;
using BenchmarkDotNet.Running;
using Swim.Benchmarks;

const string Usage = """
    core [--work NAME] [--members N] [--json] [--plot FILE.svg]
                                                      every work at every size, in two minutes
    load [--members N] [--json]                       one member that is told of a million others
    cluster [--nodes N] [--seconds N] [--small] [--json]
                                                      real members on loopback sockets; with --small, in a
                                                      runtime that is told to keep little garbage
    full [BenchmarkDotNet's options]                  every work with BenchmarkDotNet
    """;

var isJson = args.Contains("--json");

switch (args.FirstOrDefault())
{
    case "core"
        when (Text("--work") is not { } work || Catalog.Works.ContainsKey(work))
            && Number("--members", 1) is >= 1 and <= 10_000_000:
        CoreMode.Run(
            isJson,
            Text("--work"),
            Text("--members") is null ? null : Number("--members", 0),
            Text("--plot")
        );
        return 0;
    case "cluster"
        when Number("--nodes", 200) is >= 2 and <= 1000 and var nodes
            && Number("--seconds", 20) is >= 1 and var seconds:
        return args.Contains("--small") && !SmallRuntime.IsThis
            ? await SmallRuntime.RunAsync(args)
            : await ClusterMode.RunAsync(nodes, TimeSpan.FromSeconds(seconds), isJson);
    case "load" when Number("--members", 1_000_000) is >= 1 and <= 10_000_000 and var members:
        LoadMode.Run(members, isJson);
        return 0;
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
