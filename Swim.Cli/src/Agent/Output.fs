namespace Swim.Cli.Agent

open System
open System.Globalization
open System.IO
open System.Net
open System.Text
open System.Text.Json
open Swim
open Swim.Cli
open Swim.Host

/// What the agent prints on stdout, each as one line.
type IOutput =
    /// The member listens.
    abstract Listening: endPoint: IPEndPoint * snapshot: SwimSnapshot<NodeIdentity> -> unit
    /// The dashboard is served there.
    abstract Dashboard: url: string * snapshot: SwimSnapshot<NodeIdentity> -> unit
    /// The node raised an event.
    abstract Event: event: NodeEvent -> unit

    /// What the member has done so far; `event` names the occasion.
    abstract Statistics:
        event: string * snapshot: SwimSnapshot<NodeIdentity> * figures: SwimNodeStatistics -> unit

/// Output as lines of text, and as lines of JSON.
[<RequireQualifiedAccess>]
module Output =

    let private now () = Timestamp.text DateTimeOffset.UtcNow

    // The console's writer flushes each line, and lets one thread write at a time.
    let private write (line: string) = Console.Out.WriteLine line

    let private lower (value: 'T) = (string value).ToLowerInvariant()

    let private refusedInText (figures: SwimNodeStatistics) =
        if figures.PacketsRefused.Count = 0 then
            "0"
        else
            figures.PacketsRefused
            |> Seq.map (fun entry -> $"{entry.Key}:{entry.Value}")
            |> String.concat ","

    /// `2026-01-31T12:00:00.000Z member-up 127.0.0.1:7947#1767225600000000`, and so on.
    let text: IOutput =
        { new IOutput with
            member _.Listening(endPoint, snapshot) =
                write $"{now ()} listening {snapshot.Identity} on {endPoint}"

            member _.Dashboard(url, _) = write $"{now ()} dashboard {url}"

            member _.Event event =
                match event.Previous with
                | Some previous ->
                    write $"{now ()} {EventText.name event.Kind} {event.Identity} previous {previous}"
                | None -> write $"{now ()} {EventText.name event.Kind} {event.Identity}"

            member _.Statistics(event, snapshot, figures) =
                write (
                    $"{now ()} {event} {snapshot.Identity} members={snapshot.Members.Count} "
                    + $"connection={lower snapshot.ConnectionState} received={figures.PacketsReceived} "
                    + $"received_bytes={figures.BytesReceived} sent={figures.PacketsSent} "
                    + $"sent_bytes={figures.BytesSent} refused={refusedInText figures} "
                    + $"receive_queue_drops={figures.ReceiveQueueDrops} "
                    + $"send_failures={figures.SendFailures} receive_failures={figures.ReceiveFailures} "
                    + $"probe_cycles_incomplete={figures.ProbeCyclesIncomplete}"
                )
        }

    /// One object in one line. Every object has the time, the event, the member, and what held right after.
    let private writeObject
        event
        (identity: NodeIdentity)
        (members: int)
        (connection: ConnectionState)
        (more: Utf8JsonWriter -> unit)
        =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            writer.WriteStartObject()
            writer.WriteString("time", now ())
            writer.WriteString("event", (event: string))
            writer.WriteString("identity", string identity)
            writer.WriteString("endpoint", string identity.EndPoint)
            writer.WriteNumber("generation", identity.Generation)
            more writer
            writer.WriteNumber("members", members)
            writer.WriteString("connection", lower connection)
            writer.WriteEndObject())

        write (Encoding.UTF8.GetString(buffer.ToArray()))

    /// The same in JSON.
    let json: IOutput =
        { new IOutput with
            member _.Listening(endPoint, snapshot) =
                writeObject
                    "listening"
                    snapshot.Identity
                    snapshot.Members.Count
                    snapshot.ConnectionState
                    (fun writer -> writer.WriteString("bound", string endPoint))

            member _.Dashboard(url, snapshot) =
                writeObject
                    "dashboard"
                    snapshot.Identity
                    snapshot.Members.Count
                    snapshot.ConnectionState
                    (fun writer -> writer.WriteString("url", url))

            member _.Event event =
                writeObject
                    (EventText.name event.Kind)
                    event.Identity
                    event.Active.Count
                    event.Connection
                    (fun writer ->
                        match event.Previous with
                        | Some previous -> writer.WriteString("previous", string previous)
                        | None -> ()

                        match event.Cause with
                        | Some cause -> writer.WriteString("cause", EventText.cause cause)
                        | None -> ())

            member _.Statistics(event, snapshot, figures) =
                writeObject
                    event
                    snapshot.Identity
                    snapshot.Members.Count
                    snapshot.ConnectionState
                    (fun writer ->
                        writer.WriteNumber("packets_received", figures.PacketsReceived)
                        writer.WriteNumber("bytes_received", figures.BytesReceived)
                        writer.WriteNumber("packets_sent", figures.PacketsSent)
                        writer.WriteNumber("bytes_sent", figures.BytesSent)
                        writer.WriteStartObject "packets_refused"

                        for entry in figures.PacketsRefused do
                            writer.WriteNumber(string entry.Key, entry.Value)

                        writer.WriteEndObject()
                        writer.WriteNumber("receive_queue_drops", figures.ReceiveQueueDrops)
                        writer.WriteNumber("send_failures", figures.SendFailures)
                        writer.WriteNumber("receive_failures", figures.ReceiveFailures)
                        writer.WriteNumber("probe_cycles_incomplete", figures.ProbeCyclesIncomplete))
        }
