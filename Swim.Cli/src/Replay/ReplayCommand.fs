namespace Swim.Cli

open System
open System.Globalization
open System.Text
open Argu
open Swim

/// `swim replay`: takes a recording again, checks it, and shows its members.
[<RequireQualifiedAccess>]
module Replay =

    [<Literal>]
    let private BufferSize = 65_536

    let private write (line: string) = Console.Out.WriteLine line

    /// Whether an entry is about the member that was asked for: by number, address or identity.
    let private isAbout (name: string) (replayed: ReplayEntry) =
        let isNumber, number = Int32.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture)

        if isNumber then
            replayed.Entry.Member = number
        else
            match replayed.Identity with
            | Some identity -> string identity = name || string identity.EndPoint = name
            | None -> false

    /// Goes on to the next entry that is asked for, taking all others again on the way.
    let rec private next (reading: ReplayReading) (isAsked: ReplayEntry -> bool) : ReplayEntry option =
        match reading.Next() with
        | Some replayed when not (isAsked replayed) -> next reading isAsked
        | found -> found

    /// Takes all that is left, and gives each entry that is asked for to `show`.
    let private finish (reading: ReplayReading) (isAsked: ReplayEntry -> bool) (show: ReplayEntry -> unit) =
        use progress =
            new Progress(fun () -> reading.Steps.ToString("N0", CultureInfo.InvariantCulture) + " steps")

        let mutable count = 0L

        let one replayed =
            if isAsked replayed then
                show replayed
                count <- count + 1L

            if reading.Entries % 1024L = 0L then
                progress.Report reading.Part

            true

        while reading.Next() |> Option.exists one do
            ()

        count

    let private failUnknown (reading: ReplayReading) (name: string) =
        let first = reading.Members |> Seq.tryHead

        match first with
        | Some first when reading.Damage.IsNone ->
            Fail.usage
                $"there is no member {name} in {reading.Name}; type --member {first.Number} or --member {first.Last.EndPoint}"
        | _ -> ()

    let private exitCode (reading: ReplayReading) =
        match reading.Damage with
        | Some damage -> Fail.runtime damage
        | None when reading.IsGood -> ExitCode.success
        | None -> ExitCode.failed

    let private summarize (reading: ReplayReading) (test: ReplayTest option) isJson =
        let keep replayed = test |> Option.iter (fun test -> test.Write(reading, replayed))

        finish reading (fun _ -> test.IsSome) keep |> ignore
        test |> Option.iter _.Close()

        if isJson then
            write (ReplayReport.json reading)
        else
            ReplayReport.text reading |> List.iter write
            test |> Option.iter (fun test -> write test.Told)

        exitCode reading

    let private timeline (reading: ReplayReading) name isJson =
        // Timelines are long: not every line is worth a write of its own.
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
                print [ ReplayTimeline.json replayed ]
            else
                print (ReplayTimeline.lines replayed)

        if finish reading (isAbout name) show = 0L then
            failUnknown reading name

        if not isJson then
            print ("" :: ReplayReport.text reading)

        flush ()
        exitCode reading

    let private step (reading: ReplayReading) (isAsked: ReplayEntry -> bool) =
        let next () =
            next reading isAsked
            |> Option.map (fun replayed -> ReplayTimeline.lines replayed @ ReplayTimeline.view replayed)

        ReplayStepping.run next Console.In Console.Out
        exitCode reading

    let private fileOf (arguments: ParseResults<ReplayArgument>) =
        match arguments.TryGetResult ReplayArgument.File with
        | Some path when not (String.IsNullOrWhiteSpace path) -> path
        | _ -> Fail.usage "replay needs to know what to replay; type swim replay member.swimrec"

    /// Replays the recording and gives the exit code.
    let run (arguments: ParseResults<ReplayArgument>) : int =
        let name = arguments.TryGetResult ReplayArgument.Member
        let isJson = arguments.Contains ReplayArgument.Json
        let path = fileOf arguments

        let isStepped = arguments.Contains ReplayArgument.Step

        if isJson && isStepped then
            Fail.usage "--json and --step do not go together; leave one of them out"

        if arguments.Contains ReplayArgument.ToTest && (isStepped || name.IsSome) then
            let other = if isStepped then "--step" else "--member"
            Fail.usage $"--to-test and {other} do not go together; leave one of them out"

        let last =
            arguments.TryGetResult ReplayArgument.Until
            |> Option.map (Values.atLeast "--until" 1L 1000L)

        use reading = new ReplayReading(path, last)

        match name with
        | Some name when isStepped -> step reading (isAbout name)
        | None when isStepped -> step reading (fun _ -> true)
        | Some name -> timeline reading name isJson
        | None ->
            let test =
                arguments.TryGetResult ReplayArgument.ToTest
                |> Option.map (Values.newFile "--to-test" >> ReplayTest)

            summarize reading test isJson
