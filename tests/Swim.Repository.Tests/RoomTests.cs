namespace Swim.Repository.Tests;

/// <summary>The folders of a project are rooms, and tables say which room may use which.</summary>
public sealed class RoomTests
{
    // The checks use no rule: they judge what a step did by its result.
    private static readonly Dictionary<string, string[]> Core = new()
    {
        ["Collections"] = [],
        ["Model"] = ["Collections"],
        ["Rules"] = ["Collections", "Model"],
        ["Driving"] = ["Collections", "Model", "Rules"],
        ["Checks"] = ["Collections", "Model"],
    };

    private static readonly Dictionary<string, string[]> CSharp = new()
    {
        ["Identity"] = [],
        ["Codec"] = ["Identity"],
        ["Broadcasts"] = [],
        ["Instance"] = ["Broadcasts", "Codec", "Identity"],
        ["Recording"] = ["Codec"],
    };

    // Node has what the others are given, options and exceptions, and puts them together. Telemetry has one door for
    // what happens, NodeTelemetry; the entries of the log, the spans and the figures for users are others.
    private static readonly Dictionary<string, string[]> Host = new()
    {
        ["Hosting"] = ["Node", "Seeds", "Telemetry.SwimNodeStatistics", "Telemetry.SwimProbe"],
        ["Joining"] = ["Loop.NodeLoop", "Node.SwimNodeOptions", "Seeds", "Telemetry.Log"],
        ["Loop"] =
        [
            "Node.SwimNodeOptions",
            "Node.SwimStartException",
            "Node.WatchedEvent",
            "Telemetry.Log",
            "Telemetry.NodeTelemetry",
        ],
        ["Node"] =
        [
            "Joining.Joiner",
            "Loop",
            "Recording.NodeRecorder",
            "Seeds",
            "Telemetry.Log",
            "Telemetry.NodeTelemetry",
            "Telemetry.SwimNodeStatistics",
            "Telemetry.SwimProbe",
            "Telemetry.Tracing",
        ],
        ["Recording"] = ["Node.SwimNodeOptions", "Node.SwimStartException", "Telemetry.Log"],
        ["Seeds"] = ["Node.Bounds", "Node.SwimNodeOptions", "Telemetry.Log"],
        ["Telemetry"] = ["Seeds.SeedAddress"],
    };

    private static readonly Dictionary<string, string[]> Simulation = new()
    {
        ["Network"] = [],
        ["Scenario"] = ["Network"],
        ["World"] = ["Network", "Scenario"],
        ["Checking"] = ["Network", "Scenario", "World"],
        ["Measuring"] = ["Checking", "Scenario", "World"],
        ["Experiments"] = ["Checking", "Measuring", "Network", "Scenario", "World"],
    };

    // No command uses another.
    private static readonly Dictionary<string, string[]> Cli = new()
    {
        ["CommandLine"] = [],
        ["Terminal"] = [],
        ["Events"] = [],
        ["Demo"] = ["CommandLine", "Events"],
        ["Agent"] = ["CommandLine", "Events", "Terminal"],
        ["Members"] = ["CommandLine", "Terminal"],
        ["Simulate"] = ["CommandLine", "Terminal"],
        ["Replay"] = ["CommandLine", "Terminal"],
        ["."] = ["Agent", "CommandLine", "Demo", "Members", "Replay", "Simulate", "Terminal"],
    };

    private static readonly Dictionary<string, Dictionary<string, string[]>> Tables = new()
    {
        ["Swim.AspNetCore"] = new() { ["."] = [] },
        ["Swim.CSharp"] = CSharp,
        ["Swim.Cli"] = Cli,
        ["Swim.Core"] = Core,
        ["Swim.Host"] = Host,
        ["Swim.Simulation"] = Simulation,
    };

    // Which rooms of the core the other assemblies use.
    private static readonly Dictionary<string, string[]> MayUseOfCore = new()
    {
        ["Swim.AspNetCore"] = ["Model"],
        ["Swim.CSharp"] = ["Collections", "Driving", "Model", "Rules"],
        ["Swim.Cli"] = ["Checks", "Collections", "Driving", "Model"],
        ["Swim.Host"] = ["Driving", "Model"],
        ["Swim.Simulation"] = ["Checks", "Collections", "Driving", "Model", "Rules"],
    };

    public static TheoryData<string> Projects => [.. Tables.Keys];

    public static TheoryData<string> UsersOfCore => [.. MayUseOfCore.Keys];

    [Fact]
    public void Every_project_of_production_has_a_table() =>
        Assert.Equal(Project.Production.Select(project => project.Name), Tables.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_uses_the_rooms_of_its_project_that_the_table_allows_and_no_others(string name) =>
        Offenders.AssertNone(new RoomTable(Of(name), Tables[name]).Offences());

    [Theory]
    [MemberData(nameof(UsersOfCore))]
    public void An_assembly_uses_the_rooms_of_the_core_that_the_table_allows_and_no_others(string name)
    {
        var core = Of("Swim.Core");
        var rooms = new Rooms(core);
        var used =
            from use in TypeUses.In(Of(name).Assembly)
            where use.Used.Assembly == core.Assembly
            select rooms.Of(use.Used);

        Assert.Equal(MayUseOfCore[name], used.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Readers begin at the top of the project file, and find one room after the other.</summary>
    [Theory]
    [InlineData("Swim.Core")]
    [InlineData("Swim.Simulation")]
    [InlineData("Swim.Cli")]
    public void The_rooms_of_a_project_in_fsharp_are_compiled_in_the_order_of_the_table(string name)
    {
        var rooms = Of(name).Compiled.Select(file => file.Split('/') is [_, var room, _, ..] ? room : ".");
        var runs = rooms.Aggregate(
            new List<string>(),
            (runs, room) =>
            {
                if (runs.LastOrDefault() != room)
                {
                    runs.Add(room);
                }

                return runs;
            }
        );

        Assert.Equal(Tables[name].Keys, runs);
    }

    [Fact]
    public void The_check_of_rooms_sees_what_the_table_does_not_allow()
    {
        var table = new Dictionary<string, string[]>(CSharp)
        {
            ["Instance"] = ["Broadcasts", "Codec.ICodec"],
        };
        var offences = new RoomTable(Of("Swim.CSharp"), table).Offences().ToList();
        Assert.Contains("Swim.SwimInstance`1 uses Swim.PacketCodec`1", offences);
        Assert.Contains("Swim.SwimInstance`1 uses Swim.IdentityOperations`1", offences);
        Assert.DoesNotContain("Swim.SwimInstance`1 uses Swim.ICodec`1", offences);
    }

    [Fact]
    public void The_check_of_rooms_sees_what_the_table_allows_without_need()
    {
        var table = new Dictionary<string, string[]>(CSharp) { ["Codec"] = ["Identity", "Recording"] };

        Assert.Equal(
            ["Swim.CSharp: Codec does not use Recording, so the table should not allow it"],
            new RoomTable(Of("Swim.CSharp"), table).Offences()
        );
    }

    private static Project Of(string name) => Project.Production.Single(project => project.Name == name);
}
