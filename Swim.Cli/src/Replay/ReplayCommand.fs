namespace Swim.Cli.Replay

open System
open System.Globalization
open System.Text
open Argu
open Swim
open Swim.Cli

/// `swim replay`: replays a recording, checks it, and shows what its members saw.
[<RequireQualifiedAccess>]
module ReplayCommand =

    [<Literal>]
    let private BufferSize = 65_536

    let private write (line: string) = Console.Out.WriteLine line

    /// Whether an entry belongs to the member of that number, address or identity.
    let private isAbout (name: string) (replayed: ReplayedEntry) =
        let isNumber, number = Int32.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture)

        if isNumber then
            replayed.Entry.Member = number
        else
            match replayed.Identity with
            | Some identity -> string identity = name || string identity.EndPoint = name
            | None -> false

    /// Replays up to the next entry that is asked for.
    let rec private next (replay: CheckedReplay) (isAsked: ReplayedEntry -> bool) : ReplayedEntry option =
        match replay.Next() with
        | Some replayed when not (isAsked replayed) -> next replay isAsked
        | found -> found

    /// Replays the rest, passes each entry that is asked for to `show`, and returns how many those are.
    let private finish
        (replay: CheckedReplay)
        (isAsked: ReplayedEntry -> bool)
        (show: ReplayedEntry -> unit)
        =
        use progress =
            new Progress(fun () -> replay.Steps.ToString("N0", CultureInfo.InvariantCulture) + " steps")

        let mutable count = 0L

        let one replayed =
            if isAsked replayed then
                show replayed
                count <- count + 1L

            if replay.Entries % 1024L = 0L then
                progress.Report replay.Part

            true

        while replay.Next() |> Option.exists one do
            ()

        count

    let private failUnknown (replay: CheckedReplay) (name: string) =
        let first = replay.Members |> Seq.tryHead

        match first with
        | Some first when replay.Damage.IsNone ->
            Fail.usage
                $"there is no member {name} in {replay.Name}; type --member {first.Number} or --member {first.Last.EndPoint}"
        | _ -> ()

    let private exitCode (replay: CheckedReplay) =
        match replay.Damage with
        | Some damage -> Fail.runtime damage
        | None when replay.IsGood -> ExitCode.success
        | None -> ExitCode.failed

    let private summarize (replay: CheckedReplay) (case: RecordedCase option) isJson =
        let keep replayed = case |> Option.iter (fun case -> case.Write(replay, replayed))

        finish replay (fun _ -> case.IsSome) keep |> ignore
        case |> Option.iter _.Close()

        if isJson then
            write (Report.json replay)
        else
            Report.text replay |> List.iter write
            case |> Option.iter (fun case -> write case.Summary)

        exitCode replay

    let private timeline (replay: CheckedReplay) name isJson =
        // Timelines are long, so lines are written in blocks.
        let buffer = StringBuilder()

        let flush () =
            Console.Out.Write buffer
            buffer.Clear() |> ignore

        let print (lines: string list) =
            for line in lines do
                buffer.Append(line).Append('\n') |> ignore

            if buffer.Length > BufferSize then
                flush ()

        let show replayed =
            if isJson then
                print [ Timeline.json replayed ]
            else
                print (Timeline.lines replayed)

        if finish replay (isAbout name) show = 0L then
            failUnknown replay name

        if not isJson then
            print ("" :: Report.text replay)

        flush ()
        exitCode replay

    let private step (replay: CheckedReplay) (isAsked: ReplayedEntry -> bool) =
        let next () =
            next replay isAsked
            |> Option.map (fun replayed -> Timeline.lines replayed @ Timeline.view replayed)

        Stepping.run next Console.In Console.Out
        exitCode replay

    let private fileOf (arguments: ParseResults<ReplayArgument>) =
        match arguments.TryGetResult ReplayArgument.File with
        | Some path when not (String.IsNullOrWhiteSpace path) -> path
        | _ -> Fail.usage "replay needs a recording; type swim replay member.swimrec"

    /// Replays the recording and returns the exit code.
    let run (arguments: ParseResults<ReplayArgument>) : int =
        let name = arguments.TryGetResult ReplayArgument.Member
        let isJson = arguments.Contains ReplayArgument.Json
        let path = fileOf arguments

        let isStepped = arguments.Contains ReplayArgument.Step

        if isJson && isStepped then
            Fail.usage "--json and --step cannot be combined; leave one of them out"

        if arguments.Contains ReplayArgument.ToTest && (isStepped || name.IsSome) then
            let other = if isStepped then "--step" else "--member"
            Fail.usage $"--to-test and {other} cannot be combined; leave one of them out"

        let last =
            arguments.TryGetResult ReplayArgument.Until
            |> Option.map (Values.atLeast "--until" 1L 1000L)

        use replay = new CheckedReplay(path, last)

        match name with
        | Some name when isStepped -> step replay (isAbout name)
        | None when isStepped -> step replay (fun _ -> true)
        | Some name -> timeline replay name isJson
        | None ->
            let case =
                arguments.TryGetResult ReplayArgument.ToTest
                |> Option.map (Values.newFile "--to-test" >> RecordedCase)

            summarize replay case isJson
