/// Runs the tool in this process, by its `main`, and reads what it prints. One test at a time: they share the console.
module Swim.Cli.Tests.Tool

open System
open System.IO
open Expecto

/// What a command printed, and its exit code.
type Printed =
    {
        Code: int
        Output: string
        Error: string
    }

    /// The lines on stdout.
    member printed.Lines = printed.Output.TrimEnd('\n').Split '\n' |> List.ofArray

/// Runs `swim` with these words and this input.
let runWith (input: string) (words: string list) : Printed =
    let before = Console.In, Console.Out, Console.Error
    use output = new StringWriter(NewLine = "\n")
    use error = new StringWriter(NewLine = "\n")
    Console.SetIn(new StringReader(input))
    Console.SetOut output
    Console.SetError error

    try
        let code = Swim.Cli.Program.main (Array.ofList words)
        { Code = code; Output = output.ToString(); Error = error.ToString() }
    finally
        let input, output, error = before
        Console.SetIn input
        Console.SetOut output
        Console.SetError error

/// Runs `swim` with the words of a line.
let run (line: string) : Printed = runWith "" (line.Split ' ' |> List.ofArray)

/// Runs `swim` and expects it to succeed, with nothing on stderr.
let succeed (line: string) : Printed =
    let printed = run line
    Expect.equal printed.Error "" $"nothing on stderr of {line}"
    Expect.equal printed.Code 0 line
    printed

/// Runs `swim` and expects it to refuse the command line: exit code 2, nothing on stdout, this line on stderr.
let refuses (line: string) (reason: string) : unit =
    let printed = run line
    Expect.equal printed.Error $"swim: {reason}\n" line
    Expect.equal (printed.Code, printed.Output) (2, "") line

/// A folder for the files of one test, and the name of a file in it.
type Folder() =
    let path = Directory.CreateTempSubdirectory("swim-tool-").FullName
    member _.Path = path
    member _.File(name: string) = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

/// A test with a folder.
let testInFolder name (test: Folder -> unit) =
    testCase name
    <| fun () ->
        use folder = new Folder()
        test folder
