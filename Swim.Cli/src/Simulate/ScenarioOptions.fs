namespace Swim.Cli.Simulate

open System
open System.IO
open Argu
open Swim.Cli
open Swim.Simulation

/// The scenario of `swim simulate`: read from a file, or built from options.
[<RequireQualifiedAccess>]
module ScenarioOptions =

    /// How many members there are if `--nodes` is not given.
    [<Literal>]
    let DefaultNodes = 16

    // The length of a run in probe periods, so that all presets show the same phases.
    [<Literal>]
    let private DefaultPeriods = 60.0

    let private config nodes (words: string list) =
        match List.collect ScenarioText.words words with
        | [] -> Fail.usage "--config needs a value; type --config lan"
        | name :: changes ->
            Values.preset "--config" name |> ignore

            match ConfigText.read nodes (name :: changes) with
            | Ok config -> config
            | Error reason -> Fail.usage $"--config {name}: {reason}"

    let private loss (text: string) =
        let withSign = if text.EndsWith '%' then text else text + "%"

        match ValueText.tryLikelihood withSign with
        | Some loss -> loss
        | None -> Fail.usage $"'{text}' is not a percentage from 0 to 100; type --loss 5"

    let private latency (text: string) =
        match ValueText.tryLatency (ScenarioText.words text |> String.concat "") with
        | Some latency -> latency
        | None ->
            Fail.usage
                $"'{text}' is not a latency; type --latency 5ms, --latency 1ms..5ms, or median/99th/longest as in --latency 1ms/20ms/100ms"

    /// Takes members from the last one down for each fault, so that no member has two.
    let private actionsOf
        nodes
        (length: TimeSpan)
        (kills: Fault list)
        (pauses: Fault list)
        (partitions: Fault list)
        =
        let sixth = TimeSpan.FromMilliseconds(Math.Floor (length / 6.0).TotalMilliseconds)
        let at (fault: Fault) = fault.At |> Option.defaultValue (2.0 * sixth)
        let until (fault: Fault) = at fault + (fault.For |> Option.defaultValue sixth)

        let check option (fault: Fault) =
            if at fault > length then
                Fail.usage
                    $"{option} at {ValueText.duration (at fault)} is after the end, at {ValueText.duration length}; type an earlier time, or more --seconds"

        let asked = kills @ pauses @ partitions |> List.sumBy (fun fault -> fault.Count)

        if asked > nodes - 1 then
            Fail.usage
                $"--kill, --pause and --partition concern {asked} members, but there are {nodes}, and one has to observe them; type --nodes {asked + 1}"

        let mutable last = nodes

        let take (fault: Fault) =
            last <- last - fault.Count
            [ last + 1 .. last + fault.Count ]

        [
            for fault in kills do
                check "--kill" fault

                for node in take fault do
                    at fault, ScenarioAction.Crash node

            for fault in pauses do
                check "--pause" fault

                for node in take fault do
                    at fault, ScenarioAction.Pause(node, until fault - at fault)

            for fault in partitions do
                check "--partition" fault
                let apart = take fault
                at fault, ScenarioAction.Split [ apart ]

                if until fault < length then
                    until fault, ScenarioAction.Heal
        ]

    let private fromOptions (arguments: ParseResults<SimulateArgument>) : Scenario =
        let nodes =
            arguments.GetResult(SimulateArgument.Nodes, DefaultNodes)
            |> Values.number "--nodes" 1 ValueText.MostNodes DefaultNodes

        let config = arguments.GetResult(SimulateArgument.Config, [ "lan" ]) |> config nodes

        let length =
            match arguments.TryGetResult SimulateArgument.Seconds with
            | Some seconds ->
                Values.number "--seconds" 1 2_592_000 60 seconds |> float |> TimeSpan.FromSeconds
            | None -> config.ProbePeriod * DefaultPeriods

        let kills =
            arguments.GetResults SimulateArgument.Kill
            |> List.map (Fault.read "--kill" "1 at 20s" false)

        let pauses =
            arguments.GetResults SimulateArgument.Pause
            |> List.map (Fault.read "--pause" "2 at 20s for 10s" true)

        let partitions =
            arguments.GetResults SimulateArgument.Partition
            |> List.map (Fault.read "--partition" "4 at 20s for 10s" true)

        // Without any fault there is nothing to measure.
        let kills =
            if nodes > 1 && List.isEmpty (kills @ pauses @ partitions) then
                [ { Count = 1; At = None; For = None } ]
            else
                kills

        {
            Nodes = nodes
            Config = config
            // Members that start at the same time would probe, and detect, in lockstep.
            Beginning = JoiningWithin(min length config.ProbePeriod)
            Quality =
                { Quality.perfect with
                    Loss = arguments.GetResult(SimulateArgument.Loss, "0") |> loss
                    Latency =
                        arguments.TryGetResult SimulateArgument.Latency
                        |> Option.map latency
                        |> Option.defaultValue Quality.perfect.Latency
                }
            Actions = []
            Length = length
        }
        |> Scenario.withActions (actionsOf nodes length kills pauses partitions)

    let private fromFile (path: string) : Scenario =
        let text =
            try
                File.ReadAllText path
            with
            | :? FileNotFoundException
            | :? DirectoryNotFoundException ->
                Fail.usage
                    $"there is no file {path}; write one that starts from the output of swim simulate --print"
            | :? UnauthorizedAccessException
            | :? IOException as error ->
                Fail.usage
                    $"{path} cannot be read ({error.Message.TrimEnd '.'}); write one that starts from the output of swim simulate --print"

        match ScenarioText.read text with
        | Ok scenario -> scenario
        | Error fault -> Fail.usage $"{path}, {fault}"

    /// The options that describe a scenario, and whether each of them is given.
    let options (arguments: ParseResults<SimulateArgument>) =
        [
            "--nodes", arguments.Contains SimulateArgument.Nodes
            "--config", arguments.Contains SimulateArgument.Config
            "--loss", arguments.Contains SimulateArgument.Loss
            "--latency", arguments.Contains SimulateArgument.Latency
            "--kill", arguments.Contains SimulateArgument.Kill
            "--pause", arguments.Contains SimulateArgument.Pause
            "--partition", arguments.Contains SimulateArgument.Partition
            "--seconds", arguments.Contains SimulateArgument.Seconds
        ]

    /// Reads the scenario; fails with exit code 2 if it is not valid.
    let read (arguments: ParseResults<SimulateArgument>) : Scenario =
        match arguments.TryGetResult SimulateArgument.Scenario, List.tryFind snd (options arguments) with
        | None, _ -> fromOptions arguments
        | Some path, None -> fromFile path
        | Some path, Some(option, _) ->
            Fail.usage
                $"{option} and --scenario cannot be combined; leave it out and write it in {path}, or leave out --scenario"
