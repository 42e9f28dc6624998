namespace Swim.Cli

open System
open System.Threading.Tasks
open Spectre.Console
open Spectre.Console.Rendering
open Swim

/// The demo on a terminal: a table of the nodes and of what each believes of every other, repainted as it
/// changes, with the story and the latest events below it.
[<RequireQualifiedAccess>]
module DemoTable =

    let private repaintEvery = TimeSpan.FromMilliseconds 100.0

    /// How many of the latest events are shown, beside the story.
    let private eventCount = 4

    /// How high the table is without its rows: borders, header and legend.
    let private frameHeight = 5

    let private style colour = Style(Nullable colour)

    /// What an observer believes of a place, as one character and its colour.
    let private mark (observer: DemoNode) (place: DemoNode) (view: SwimSnapshot<NodeIdentity>) =
        if observer = place then
            '.', Color.Grey
        else
            match view.TryGetMember place.Node.Identity with
            | true, record when record.Status = MemberStatus.Alive -> '+', Color.Green
            | true, record when record.Status = MemberStatus.Suspect -> '?', Color.Yellow
            | true, _ -> 'x', Color.Red
            | false, _ -> '-', Color.Grey

    /// The marks one by one, or how many there are of each if the terminal is too narrow for that.
    let private beliefs (cluster: DemoCluster) isNarrow separator (observer: DemoNode) : IRenderable =
        let text = Paragraph()

        if observer.State = Running || observer.State = CutOff then
            // Taken anew for each painting: suspicions show here and nowhere else.
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

    let private nodes (console: IAnsiConsole) (cluster: DemoCluster) rowCount : IRenderable =
        let places = cluster.Places
        // Many nodes need all the room that there is, on one line each.
        let isCompact = places.Length > 16
        let separator = if isCompact then "" else " "
        let width = if isCompact then 28 + places.Length else 62 + 2 * places.Length
        let table = Table().RoundedBorder().AddColumn("Node")

        if not isCompact then
            table.AddColumn("Endpoint").AddColumn("Generation") |> ignore

        table.AddColumn("State").AddColumn($"Believes of 1 to {places.Length}") |> ignore

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

    let private lines (told: DemoLine list) count =
        told
        |> List.truncate count
        |> List.rev
        |> List.map (fun line -> string line)
        |> String.concat "\n"

    /// What the marks mean, and how many nodes there is no room for.
    let private legend (cluster: DemoCluster) rowCount =
        let hidden = cluster.Places.Length - rowCount
        let more = if hidden > 0 then $"  {hidden} more nodes;" else ""
        Text($"{more}  + alive  ? suspect  x down  - unknown", style Color.Grey)

    let private paint (console: IAnsiConsole) (cluster: DemoCluster) (told: DemoLine list) : IRenderable =
        // A live table cannot be taller than the terminal; some room is left for the story.
        let height = console.Profile.Height
        let rowCount = min cluster.Places.Length (max 3 (height - frameHeight - eventCount - 6))
        let storyCount = max 1 (height - frameHeight - rowCount - eventCount - 1)
        let story, events = told |> List.partition (fun line -> line.IsStory)

        Rows(
            nodes console cluster rowCount,
            legend cluster rowCount,
            Text(lines story storyCount).Ellipsis(),
            Text(lines events eventCount, style Color.Grey).Ellipsis()
        )

    /// Runs the demo below a live table; `run` gets what it is to tell its lines to.
    let runAsync
        (console: IAnsiConsole)
        (cluster: DemoCluster)
        (run: (DemoLine -> unit) -> Task<DemoOutcome>)
        : Task<DemoOutcome> =
        // The latest first; replaced as a whole, so that the painter never sees half of it.
        let told = ref []
        let paintNow () = paint console cluster told.Value

        console
            .Live(paintNow ())
            .StartAsync(fun live ->
                task {
                    let running = run (fun line -> told.Value <- line :: told.Value)

                    while not running.IsCompleted do
                        live.UpdateTarget(paintNow ())
                        let! _ = Task.WhenAny(running, Task.Delay repaintEvery)
                        ()

                    live.UpdateTarget(paintNow ())
                    return! running
                })
