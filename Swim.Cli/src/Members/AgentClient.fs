namespace Swim.Cli.Members

open System
open System.Net.Http
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Swim.Cli

/// Sends requests to the dashboard of an agent. Every error is one line: a URL that cannot be used ends the command
/// with exit code 2, an agent that does not answer or refuses with 1.
type AgentClient(url: Uri) =

    let answerWithin = TimeSpan.FromSeconds 10.0
    let client = new HttpClient(BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan)

    let unreachable (reason: string) : 'T =
        let reason = reason.ReplaceLineEndings(" ").TrimEnd '.'

        Fail.runtime $"no agent answers at {url} ({reason}); type the URL that a running swim agent printed"

    let foreign () : 'T =
        Fail.runtime
            $"the server at {url} is not a swim dashboard; type the URL that a running swim agent printed"

    /// Fails with the reason that the dashboard gives for its refusal.
    let refusal (response: HttpResponseMessage) =
        task {
            let! text = response.Content.ReadAsStringAsync()

            try
                use json = JsonDocument.Parse text
                let reason = json.RootElement.GetProperty("error").GetString()
                return Fail.runtime $"{url} refuses: {reason}"
            with
            | :? JsonException
            | :? InvalidOperationException
            | :? System.Collections.Generic.KeyNotFoundException -> return foreign ()
        }

    let send (request: HttpRequestMessage) (stop: CancellationToken) : Task<HttpResponseMessage> =
        task {
            use limit = CancellationTokenSource.CreateLinkedTokenSource stop
            limit.CancelAfter answerWithin

            try
                let! response =
                    client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)

                if response.IsSuccessStatusCode then
                    return response
                else
                    return! refusal response
            with
            | :? HttpRequestException as error -> return unreachable error.Message
            | :? OperationCanceledException when not stop.IsCancellationRequested ->
                return unreachable $"no answer within {answerWithin.TotalSeconds} s"
        }

    let readJson (request: HttpRequestMessage) (stop: CancellationToken) : Task<JsonElement> =
        task {
            use! response = send request stop

            try
                use! content = response.Content.ReadAsStreamAsync stop
                use! json = JsonDocument.ParseAsync(content, cancellationToken = stop)
                return json.RootElement.Clone()
            with
            | :? JsonException -> return foreign ()
            | :? HttpRequestException as error -> return unreachable error.Message
            | :? System.IO.IOException as error -> return unreachable error.Message
        }

    /// Connects to the dashboard at that URL, the value of `--agent`.
    static member Parse(command: string, text: string option) : AgentClient =
        let text =
            match text with
            | Some text -> text
            | None ->
                Fail.usage
                    $"{command} needs to know which agent; type --agent with the URL that swim agent printed, such as --agent http://127.0.0.1:8080/"

        match Uri.TryCreate(text, UriKind.Absolute) with
        | true, NonNull url when (url.Scheme = "http" || url.Scheme = "https") && url.Host <> "" ->
            // Requests go below the page, whether or not the final slash was typed.
            new AgentClient(Uri(url.GetLeftPart(UriPartial.Path).TrimEnd '/' + "/"))
        | _ ->
            let example =
                match Uri.TryCreate("http://" + text, UriKind.Absolute) with
                | true, NonNull url when not (text.Contains "://") && url.Port <> 80 -> string url
                | _ -> "http://127.0.0.1:8080/"

            Fail.usage $"'{text}' is not the URL of a dashboard; type --agent {example}"

    /// The dashboard's answer to a GET request.
    member _.GetAsync(path: string, stop: CancellationToken) : Task<JsonElement> =
        readJson (new HttpRequestMessage(HttpMethod.Get, path)) stop

    /// The dashboard's answer to a POST request, which changes something.
    member _.PostAsync(path: string, stop: CancellationToken) : Task<JsonElement> =
        let request = new HttpRequestMessage(HttpMethod.Post, path)
        request.Headers.Add("X-Swim-Control", "1")
        readJson request stop

    /// Calls `handle` with the name and the data of each message of the stream, until the agent ends or the
    /// connection breaks.
    member _.FollowAsync(handle: string -> JsonElement -> unit, stop: CancellationToken) : Task =
        task {
            use! response = send (new HttpRequestMessage(HttpMethod.Get, "stream")) stop

            try
                use! content = response.Content.ReadAsStreamAsync stop
                use reader = new System.IO.StreamReader(content)
                let mutable name = ""
                let mutable isOpen = true

                while isOpen do
                    match! reader.ReadLineAsync stop with
                    | null -> isOpen <- false
                    | line when line.StartsWith "event: " -> name <- line.Substring 7
                    | line when line.StartsWith "data: " ->
                        use json = JsonDocument.Parse(line.Substring 6)
                        handle name json.RootElement
                    | _ -> ()
            with
            | :? JsonException -> foreign ()
            | :? HttpRequestException
            | :? System.IO.IOException -> ()
        }

    interface IDisposable with
        member _.Dispose() = client.Dispose()
