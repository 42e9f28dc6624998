module Swim.Cli.Tests.SteppingTests

open System
open System.IO
open Expecto
open Swim.Cli.Replay

/// The output for five entries when these lines are typed.
let private shown (typed: string list) : string list =
    let left = System.Collections.Generic.Queue [ for number in 1..5 -> [ $"entry {number}" ] ]
    let next () = if left.Count > 0 then Some(left.Dequeue()) else None
    use input = new StringReader(String.concat "\n" typed)
    use output = new StringWriter(NewLine = "\n")
    Stepping.run next input output
    output.ToString().TrimEnd('\n').Split '\n' |> List.ofArray |> List.tail

let private help = "Enter: next, a number: that many, b: back, q: quit"

let tests =
    testList
        "replay, step by step"
        [
            testCase
                "replay --step: Enter shows the next entry, a number that many, b the one before, q quits"
            <| fun () ->
                Expect.equal (shown [ ""; ""; "q"; "" ]) [ "entry 1"; "entry 2" ] "Enter and q"
                Expect.equal (shown [ "3"; "q" ]) [ "entry 1"; "entry 2"; "entry 3" ] "a number"

                Expect.equal
                    (shown [ "3"; "b"; "b"; "q" ])
                    [ "entry 1"; "entry 2"; "entry 3"; "entry 2"; "entry 1" ]
                    "back"

                Expect.equal
                    (shown [ "2"; "b"; ""; ""; "Q" ])
                    [ "entry 1"; "entry 2"; "entry 1"; "entry 2"; "entry 3" ]
                    "back and on"

            testCase
                "replay --step reports the first and the last entry, and answers an unknown command with help"
            <| fun () ->
                Expect.equal
                    (shown [ ""; "b" ])
                    [ "entry 1"; "that is the first entry; press Enter for the next, q to quit" ]
                    "the first"

                Expect.equal
                    (List.last (shown [ "9" ]))
                    "that was the last entry; type b to go back, q to quit"
                    "the last"

                Expect.equal (shown [ "9"; "b" ] |> List.last) "entry 4" "and back from there"
                Expect.equal (shown [ "x"; "-1"; "0"; "q" ]) [ help; help; help ] "help"

            Tool.testInFolder "replay --step shows the view of a member after each step, without a terminal"
            <| fun folder ->
                let trace = folder.File "run.swimrec"
                Tool.succeed $"simulate --nodes 3 --config local --runs 1 --trace {trace}" |> ignore
                let printed = Tool.runWith "9\nb\nq\n" [ "replay"; trace; "--member"; "2"; "--step" ]
                Expect.equal (printed.Code, printed.Error) (0, "") "all is well"
                Expect.equal printed.Lines[0] help "the commands"
                Expect.stringContains printed.Lines[1] "member 2, entry " "the first of that member"
                Expect.stringContains printed.Lines[1] ": started as 10.0.0.1:2#1" "its start"
                Expect.stringContains printed.Output "    |   10.0.0.1:1#1 Alive 0\n" "its view"

                // The end of the input acts like q; this recording is truncated.
                File.WriteAllBytes(trace, (File.ReadAllBytes trace)[..999])
                let cut = Tool.runWith "10000\n" [ "replay"; trace; "--step" ]
                Expect.equal cut.Code 1 "it is damaged"
                Expect.stringContains cut.Output "that was the last entry" "up to there"
                Expect.stringContains cut.Error "cut off" "and then why"
        ]
