namespace Swim.Cli.Demo

open System
open System.Threading.Tasks
open Spectre.Console
open Spectre.Console.Rendering
open Swim

/// The demo on a terminal: a table of the nodes and of what each believes about every other, repainted as it
/// changes, with the story and the latest events below it.
[<RequireQualifiedAccess>]
module LiveTable =

    let private repaintEvery = TimeSpan.FromMilliseconds 100.0

    /// How many of the latest events are shown below the story.
    let private eventCount = 4

    /// The height of the table without its rows: borders, header and legend.
    let private frameHeight = 5

    let private style colour = Style(Nullable colour)

    /// What an observer believes about a place, as one character and its colour.
    let private mark (observer: Place) (place: Place) (view: SwimSnapshot<NodeIdentity>) =
        if observer = place then
            '.', Color.Grey
        else
            match view.TryGetMember place.Node.Identity with
            | true, record when record.Status = MemberStatus.Alive -> '+', Color.Green
            | true, record when record.Status = MemberStatus.Suspect -> '?', Color.Yellow
            | true, _ -> 'x', Color.Red
            | false, _ -> '-', Color.Grey

    /// The marks one by one, or how many there are of each kind if the terminal is too narrow.
    let private beliefs (cluster: Cluster) isNarrow separator (observer: Place) : IRenderable =
        let text = Paragraph()

        if observer.State = Running || observer.State = CutOff then
            // A new snapshot for each painting: suspicions show here and nowhere else.
            let view = observer.Node.Snapshot
            let marks = cluster.Places |> Array.map (fun place -> mark observer place view)

            if isNarrow then
                for kind in [ '+'; '?'; 'x'; '-' ] do
                    match marks |> Array.filter (fun (character, _) -> character = kind) with
                    | [||] -> ()
                    | same -> text.Append($"{kind}{same.Length} ", style (snd same[0])) |> ignore
            else
                for character, colour in marks do
                    text.Append($"{character}{separator}", style colour) |> ignore

        text

    let private state place =
        match place.State with
        | Running -> Text("running", style Color.Green)
        | CutOff -> Text("cut off", style Color.Yellow)
        | Killed -> Text("killed", style Color.Red)
        | Left -> Text("left", style Color.Grey)

    let private nodes (console: IAnsiConsole) (cluster: Cluster) rowCount : IRenderable =
        let places = cluster.Places
        // Many nodes need all the room, on one line each.
        let isCompact = places.Length > 16
        let separator = if isCompact then "" else " "
        let width = if isCompact then 28 + places.Length else 62 + 2 * places.Length
        let table = Table().RoundedBorder().AddColumn("Node")

        if not isCompact then
            table.AddColumn("Endpoint").AddColumn("Generation") |> ignore

        table.AddColumn("State").AddColumn($"Believes about 1 to {places.Length}") |> ignore

        for place in Array.truncate rowCount places do
            let identity = place.Node.Identity

            table.AddRow(
                [|
                    yield Text(string place.Number) :> IRenderable

                    if not isCompact then
                        yield Text(string identity.EndPoint)
                        yield Text(string identity.Generation)

                    yield state place
                    yield beliefs cluster (width > console.Profile.Width) separator place
                |]
            )
            |> ignore

        table

    let private lines (shown: StoryLine list) count =
        shown
        |> List.truncate count
        |> List.rev
        |> List.map (fun line -> string line)
        |> String.concat "\n"

    /// What the marks mean, and how many nodes do not fit.
    let private legend (cluster: Cluster) rowCount =
        let hidden = cluster.Places.Length - rowCount
        let more = if hidden > 0 then $"  {hidden} more nodes;" else ""
        Text($"{more}  + alive  ? suspect  x down  - unknown", style Color.Grey)

    let private paint (console: IAnsiConsole) (cluster: Cluster) (shown: StoryLine list) : IRenderable =
        // A live table cannot be taller than the terminal; some room is left for the story.
        let height = console.Profile.Height
        let rowCount = min cluster.Places.Length (max 3 (height - frameHeight - eventCount - 6))
        let storyCount = max 1 (height - frameHeight - rowCount - eventCount - 1)
        let story, events = shown |> List.partition (fun line -> line.IsStory)

        Rows(
            nodes console cluster rowCount,
            legend cluster rowCount,
            Text(lines story storyCount).Ellipsis(),
            Text(lines events eventCount, style Color.Grey).Ellipsis()
        )

    /// Runs the demo while a live table shows it; `run` is passed the function that takes its lines.
    let runAsync
        (console: IAnsiConsole)
        (cluster: Cluster)
        (run: (StoryLine -> unit) -> Task<Outcome>)
        : Task<Outcome> =
        // The latest line first; replaced as a whole, so that the painter never sees half of an update.
        let shown = ref []
        let paintNow () = paint console cluster shown.Value

        console
            .Live(paintNow ())
            .StartAsync(fun live ->
                task {
                    let running = run (fun line -> shown.Value <- line :: shown.Value)

                    while not running.IsCompleted do
                        live.UpdateTarget(paintNow ())
                        let! _ = Task.WhenAny(running, Task.Delay repaintEvery)
                        ()

                    live.UpdateTarget(paintNow ())
                    return! running
                })
