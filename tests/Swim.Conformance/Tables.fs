/// Reads the transitions that the model checker wrote to `spec/vectors`.
[<RequireQualifiedAccess>]
module Swim.Conformance.Tables

open System
open System.IO
open System.IO.Compression
open System.Text.Json
open Swim.TestKit

/// `spec/vectors`.
let folder: string = RepositoryFiles.PathOf("spec", "vectors")

/// The names of all tables.
let names: string list =
    Directory.GetFiles(folder, "transitions-*.json.gz")
    |> Seq.map (fun file -> FileInfo(file).Name.Replace(".json.gz", ""))
    |> Seq.sort
    |> List.ofSeq

let private items (json: JsonElement) = List.ofSeq (json.EnumerateArray())
let private ints (json: JsonElement) = items json |> List.map _.GetInt32()

let private text (json: JsonElement) =
    match json.GetString() with
    | null -> failwith "a string was expected"
    | text -> text

let private get (name: string) (json: JsonElement) = json.GetProperty name

let private identity (json: JsonElement) : ModelId =
    match ints json with
    | [ address; generation ] -> { Address = address; Generation = generation }
    | _ -> failwith $"{json} is no identity"

let private identityIfAny (json: JsonElement) : ModelId option =
    if json.GetArrayLength() = 0 then None else Some(identity json)

let private record (json: JsonElement) : ModelRecord option =
    match items json with
    | [] -> None
    | [ generation; incarnation; status ] ->
        Some
            {
                Generation = generation.GetInt32()
                Incarnation = incarnation.GetInt32()
                Status = text status
            }
    | _ -> failwith $"{json} is no record"

/// The i-th element is about address i.
let private byAddress (read: JsonElement -> 'T option) (json: JsonElement) : Map<int, 'T> =
    items json
    |> Seq.mapi (fun index item -> read item |> Option.map (fun value -> index + 1, value))
    |> Seq.choose id
    |> Map.ofSeq

let private tombstone (json: JsonElement) =
    match ints json with
    | [] -> None
    | [ generation; incarnation ] -> Some(generation, incarnation)
    | _ -> failwith $"{json} is no tombstone"

let private timer json =
    match ints json with
    | [ address; generation; incarnation ] -> address, generation, incarnation
    | _ -> failwith $"{json} is no timer"

let private state (json: JsonElement) : ModelState =
    {
        Id = get "id" json |> identity
        Inc = (get "inc" json).GetInt32()
        Conn = get "conn" json |> text
        Left = (get "left" json).GetBoolean()
        Await = (get "await" json).GetBoolean()
        Mem = get "mem" json |> byAddress record
        Tomb = get "tomb" json |> byAddress tombstone
        Up = get "up" json |> byAddress record
        Susp = get "susp" json |> items |> Seq.map timer |> Set
        Rem = get "rem" json |> items |> Seq.map timer |> Set
    }

let private packet (json: JsonElement) : ModelPacket =
    {
        Kind = get "k" json |> text
        Source = get "src" json |> identity
        SourceIncarnation = (get "si" json).GetInt32()
        Destination = get "dst" json |> identity
        Named = get "to" json |> identityIfAny
        Updates = get "ups" json |> byAddress record
    }

let private note (json: JsonElement) : ModelNote =
    match items json with
    | [ kind; address; generation ] -> text kind, address.GetInt32(), generation.GetInt32()
    | _ -> failwith $"{json} is no event for the user"

let private argument (json: JsonElement) =
    match json.ValueKind with
    | JsonValueKind.Object -> Packet(packet json)
    | JsonValueKind.Array -> Timer(ints json)
    | _ when json.GetInt32() = 0 -> Nothing
    | _ -> Number(json.GetInt32())

let private transition (line: string) : Transition =
    use document = JsonDocument.Parse line
    let json = document.RootElement

    {
        Operator = get "op" json |> text
        Node = (get "node" json).GetInt32()
        Renewable = get "renewable" json |> ints |> Set
        DownIsFinal = (get "final" json).GetBoolean()
        Argument = get "argument" json |> argument
        Before = get "before" json |> state
        After = get "after" json |> state
        Out = get "out" json |> items |> Seq.map packet |> Set
        Notes = get "notes" json |> items |> List.map note
        Line = line
    }

/// All transitions of a table.
let read (name: string) : Transition list =
    use file = File.OpenRead(Path.Combine(folder, name + ".json.gz"))
    use unzipped = new GZipStream(file, CompressionMode.Decompress)
    use reader = new StreamReader(unzipped)

    reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
    |> Seq.map transition
    |> List.ofSeq
