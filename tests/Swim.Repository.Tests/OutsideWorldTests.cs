namespace Swim.Repository.Tests;

/// <summary>Sockets, files, meters and frameworks each have their rooms, and the others keep away from them.</summary>
public sealed class OutsideWorldTests
{
    // A type, or a namespace and all below it, and exactly the rooms that use it.
    private static readonly Dictionary<string, string[]> UsedBy = new()
    {
        ["System.Net.Sockets.Socket"] = ["Swim.Host/Loop"],
        // The others only name families of addresses, and causes of failures.
        ["System.Net.Sockets"] =
        [
            "Swim.CSharp/Identity",
            "Swim.Cli/Agent",
            "Swim.Host/Joining",
            "Swim.Host/Loop",
            "Swim.Host/Node",
        ],
        ["System.Net.Dns"] = ["Swim.Host/Seeds"],
        ["System.Net.Http"] = ["Swim.Cli/Members"],
        ["System.IO.File"] =
        [
            "Swim.Cli/Replay",
            "Swim.Cli/Simulate",
            "Swim.Host/Recording",
            "Swim.Host/Seeds",
            "Swim.Simulation/Experiments",
        ],
        ["System.IO.FileSystemWatcher"] = ["Swim.Host/Seeds"],
        ["System.Diagnostics.ActivitySource"] = ["Swim.Host/Telemetry"],
        ["System.Diagnostics.Metrics.Meter"] = ["Swim.Host/Telemetry"],
        ["System.Diagnostics.Metrics.Counter"] = ["Swim.Host/Telemetry"],
        ["System.Diagnostics.Stopwatch"] = ["Swim.Cli/Demo", "Swim.Cli/Terminal", "Swim.Host/Node"],
        ["Microsoft.Extensions.Configuration"] = ["Swim.Host/Hosting"],
        ["Microsoft.Extensions.Diagnostics"] = ["Swim.Host/Hosting"],
        ["Microsoft.Extensions.Hosting"] = ["Swim.AspNetCore/.", "Swim.Cli/Agent", "Swim.Host/Hosting"],
        ["Microsoft.Extensions.Options"] = ["Swim.Host/Hosting"],
        ["Microsoft.AspNetCore"] = ["Swim.AspNetCore/.", "Swim.Cli/Agent"],
        ["ScottPlot"] = ["Swim.Cli/Simulate"],
        ["Spectre.Console"] = ["Swim.Cli/Demo"],
    };

    public static TheoryData<string> Outside => [.. UsedBy.Keys];

    [Theory]
    [MemberData(nameof(Outside))]
    public void The_rooms_of_the_table_use_this_and_no_others(string outside) =>
        Assert.Equal(UsedBy[outside], UsersOf(outside).Order(StringComparer.Ordinal));

    private static IEnumerable<string> UsersOf(string outside) =>
        (
            from project in Project.Production
            let rooms = new Rooms(project)
            from use in TypeUses.In(project.Assembly)
            let name = use.Used.FullName!.Split('`')[0]
            where name == outside || name.StartsWith($"{outside}.", StringComparison.Ordinal)
            let room = rooms.Of(use.User)
            where room is not null
            select $"{project.Name}/{room}"
        ).Distinct();
}
