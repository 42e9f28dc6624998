module Swim.Cli.Tests.MembersTests

open System
open System.Net
open System.Net.Sockets
open System.Text
open System.Text.Json
open Expecto
open Swim.Cli.Tests.SwimProcess

/// Command lines that are refused before any request is sent, and the error of each.
let private refused =
    [
        "members",
        "members needs to know which agent; type --agent with the URL that swim agent printed, such as --agent http://127.0.0.1:8080/"
        "leave",
        "leave needs to know which agent; type --agent with the URL that swim agent printed, such as --agent http://127.0.0.1:8080/"
        "members --agent 127.0.0.1:8123",
        "'127.0.0.1:8123' is not the URL of a dashboard; type --agent http://127.0.0.1:8123/"
        "leave --agent localhost:8123",
        "'localhost:8123' is not the URL of a dashboard; type --agent http://localhost:8123/"
        "members --agent ftp://127.0.0.1/",
        "'ftp://127.0.0.1/' is not the URL of a dashboard; type --agent http://127.0.0.1:8080/"
        "members --agent nonsense",
        "'nonsense' is not the URL of a dashboard; type --agent http://127.0.0.1:8080/"
        "members --agents x", "unknown option '--agents' of swim members; type --agent http://127.0.0.1:8080/"
        "agent --bind 127.0.0.1:0 --dashboard 8080",
        "'8080' is not ADDRESS:PORT; type --dashboard 127.0.0.1:7946"
        "agent --bind 127.0.0.1:0 --dashboard 127.0.0.1:8080 --no-dashboard",
        "--dashboard and --no-dashboard cannot be combined; leave one of them out"
    ]

/// The rows of the table: endpoint and status.
let private table (url: string) =
    let printed = Tool.succeed $"members --agent {url}"

    printed.Lines[1 .. printed.Lines.Length - 2]
    |> List.map (fun line ->
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        words[0], words[2])

/// Runs a valid command line that fails: exit code 1, and one line on stderr.
let private fails line (begins: string) (ends: string) =
    let printed = Tool.run line
    Expect.equal (printed.Code, printed.Output) (1, "") line
    Expect.stringStarts printed.Error $"swim: {begins}" line
    Expect.stringEnds printed.Error $"{ends}\n" line
    Expect.equal (printed.Error.TrimEnd('\n').Split('\n').Length) 1 "one line"

/// Answers one request with a page that is not a swim dashboard.
let private answerOnce (listener: TcpListener) =
    task {
        use! client = listener.AcceptTcpClientAsync()
        use stream = client.GetStream()
        let! _ = stream.ReadAsync(Memory(Array.zeroCreate 4096))
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        do! stream.WriteAsync(ReadOnlyMemory(Encoding.ASCII.GetBytes text))
    }

let tests =
    testList
        "members and leave"
        [
            testCase
                "members, leave and agent refuse invalid options in one line that says what to type instead"
            <| fun () ->
                for words, reason in refused do
                    Tool.refuses words reason

            testCase "swim members shows who joined and who was killed"
            <| fun () ->
                use first = new Agent("")
                use second = new Agent($"--join {first.EndPoint}")
                let both = [ first.EndPoint, "alive"; second.EndPoint, "alive" ]
                eventually "the first knows the second" (fun () -> table first.Url = both)
                eventually "the second knows the first" (fun () -> table second.Url = List.rev both)

                second.Run.Signal "KILL"

                eventually "the second is down" (fun () ->
                    table first.Url = [ first.EndPoint, "alive"; second.EndPoint, "down" ])

                let printed = Tool.succeed $"members --json --agent {first.Url}"
                use json = JsonDocument.Parse(Seq.exactlyOne printed.Lines)
                let number (name: string) = json.RootElement.GetProperty(name).GetInt32()
                Expect.equal (number "alive", number "suspect", number "down") (1, 0, 1) "the counts"
                let self = json.RootElement.GetProperty("members")[0]

                Expect.equal
                    (self.GetProperty("identity").GetString())
                    first.Identity
                    "the asked one is first"

            testCase "swim leave makes an agent leave its cluster and exit with 0"
            <| fun () ->
                use first = new Agent("")
                use second = new Agent($"--join {first.EndPoint}")
                let printed = Tool.succeed $"leave --agent {second.Url}"
                Expect.equal printed.Lines [ $"{second.Identity} left its cluster" ] "who left"
                Expect.equal (second.Run.Exit()) 0 "it ends well"
                Expect.stringContains (List.last second.Run.Lines) " left " "it says so"

                eventually "the first knows" (fun () ->
                    List.contains (second.EndPoint, "down") (table first.Url))

                fails
                    $"members --agent {second.Url}"
                    $"no agent answers at {second.Url} ("
                    "); type the URL that a running swim agent printed"

            testCase "swim members --watch prints the members, then each event, until a signal"
            <| fun () ->
                use first = new Agent("")
                use watch = new Run($"members --watch --agent {first.Url}")
                watch.Until("the table", (fun line -> line = "1 alive")) |> ignore
                use second = new Agent($"--join {first.EndPoint}")

                watch.Until("that it is up", (fun line -> line.EndsWith $" member-up {second.Identity}"))
                |> ignore

                watch.Signal "TERM"
                Expect.equal (watch.Exit()) 0 "as asked"
                Expect.isEmpty watch.Errors "nothing to say"

                use lost = new Run($"members --watch --json --agent {first.Url}")
                lost.Until("the members", (fun line -> line.StartsWith "{\"alive\":2,")) |> ignore
                first.Run.Signal "KILL"
                Expect.equal (lost.Exit()) 1 "not as asked"
                Expect.stringContains (Seq.exactlyOne lost.Errors) "the connection to it broke" "why"

            testCase
                "a dashboard that is not on loopback shows the members, but refuses to make the agent leave"
            <| fun () ->
                use agent = new Agent("--dashboard 0.0.0.0:0")
                let url = agent.Url.Replace("0.0.0.0", "127.0.0.1")
                Expect.equal (table url) [ agent.EndPoint, "alive" ] "seen"
                let printed = Tool.run $"leave --agent {url}"
                Expect.equal printed.Code 1 "refused"
                Expect.stringStarts printed.Error $"swim: {url} refuses: this dashboard is read-only" "why"

            testCase
                "an agent reports a dashboard port that is taken, and serves no dashboard with --no-dashboard"
            <| fun () ->
                use taker = new TcpListener(IPAddress.Loopback, 0)
                taker.Start()
                let taken = taker.LocalEndpoint
                use agent = new Run($"agent --bind 127.0.0.1:0 --dashboard {taken}")
                Expect.equal (agent.Exit()) 2 "misused"
                let error = Seq.exactlyOne agent.Errors
                Expect.stringContains error $"the dashboard cannot listen on {taken}" "what"
                Expect.stringContains error "type --dashboard 127.0.0.1:0 for a free port" "what to type"

                use quiet = new Run("agent --bind 127.0.0.1:0 --no-dashboard")
                quiet.Until("that it listens", (fun line -> line.Contains " listening ")) |> ignore
                quiet.Signal "TERM"
                Expect.equal (quiet.Exit()) 0 "it ends"
                Expect.isFalse (quiet.Lines |> List.exists (fun line -> line.Contains "http")) "no dashboard"

            testCase "swim members reports a server that is not a swim dashboard"
            <| fun () ->
                use listener = new TcpListener(IPAddress.Loopback, 0)
                listener.Start()
                let url = $"http://{listener.LocalEndpoint}/"
                let answering = answerOnce listener

                fails
                    $"members --agent {url}"
                    $"the server at {url} is not a swim dashboard"
                    "type the URL that a running swim agent printed"

                answering.Wait()
        ]
