module Swim.Cli.Tests.SteppingTests

open System
open System.IO
open Expecto
open Swim.Cli

/// What is shown of five entries when these lines are typed.
let private shown (typed: string list) : string list =
    let left = System.Collections.Generic.Queue [ for number in 1..5 -> [ $"entry {number}" ] ]
    let next () = if left.Count > 0 then Some(left.Dequeue()) else None
    use input = new StringReader(String.concat "\n" typed)
    use output = new StringWriter(NewLine = "\n")
    ReplayStepping.run next input output
    output.ToString().TrimEnd('\n').Split '\n' |> List.ofArray |> List.tail

let private help = "Enter: next, a number: that many, b: back, q: quit"

let tests =
    testList
        "replay, step by step"
        [
            testCase "Enter goes on, a number goes that far, b goes back, q ends"
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

            testCase "both ends are told, and so is what cannot be understood"
            <| fun () ->
                Expect.equal
                    (shown [ ""; "b" ])
                    [ "entry 1"; "that is the first; Enter goes on, q ends" ]
                    "the first"

                Expect.equal (List.last (shown [ "9" ])) "that was the last; b goes back, q ends" "the last"
                Expect.equal (shown [ "9"; "b" ] |> List.last) "entry 4" "and back from there"
                Expect.equal (shown [ "x"; "-1"; "0"; "q" ]) [ help; help; help ] "help"

            Tool.testInFolder "a recording is gone through with the view of a member, without a terminal"
            <| fun folder ->
                let trace = folder.File "run.swimrec"
                Tool.succeed $"simulate --nodes 3 --config local --runs 1 --trace {trace}" |> ignore
                let printed = Tool.runWith "9\nb\nq\n" [ "replay"; trace; "--member"; "2"; "--step" ]
                Expect.equal (printed.Code, printed.Error) (0, "") "all is well"
                Expect.equal printed.Lines[0] help "how to go on"
                Expect.stringContains printed.Lines[1] "member 2, entry " "the first of that member"
                Expect.stringContains printed.Lines[1] ": started as 10.0.0.1:2#1" "its start"
                Expect.stringContains printed.Output "    |   10.0.0.1:1#1 Alive 0\n" "its view"

                // The input ends in the place of q, at the end of a recording that is cut off.
                File.WriteAllBytes(trace, (File.ReadAllBytes trace)[..999])
                let cut = Tool.runWith "10000\n" [ "replay"; trace; "--step" ]
                Expect.equal cut.Code 1 "it is damaged"
                Expect.stringContains cut.Output "that was the last" "up to there"
                Expect.stringContains cut.Error "cut off" "and then why"
        ]
