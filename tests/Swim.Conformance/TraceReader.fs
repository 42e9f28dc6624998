namespace Swim.Conformance


open System.Collections.Generic
open System.Text.Json

/// One line of a trace: a step of one member.
type TraceLine =
    {
        /// Where it stands, from 1.
        Number: int
        Op: string
        At: string
        Json: JsonElement
    }

/// Reads traces as steps of the model, with the member's state before each of them. Addresses become 1, 2, ...
/// and the generations of an address 1, 2, ..., in their order, as `tla/check` does it.
[<RequireQualifiedAccess>]
module TraceReader =

    let private text (json: JsonElement) =
        match json.GetString() with
        | null -> failwith "a string was expected"
        | text -> text

    let private items (json: JsonElement) = List.ofSeq (json.EnumerateArray())
    let private get (property: string) (json: JsonElement) = json.GetProperty property

    /// What identities are called, learnt from all lines.
    type private Names(lines: TraceLine list) =
        let generations = Dictionary<string, SortedSet<int64>>()

        let rec learn (json: JsonElement) =
            match json.ValueKind with
            | JsonValueKind.Array ->
                match items json with
                | first :: second :: _ when
                    first.ValueKind = JsonValueKind.String && second.ValueKind = JsonValueKind.Number
                    ->
                    see (text first) (second.GetInt64())
                | all -> List.iter learn all
            | JsonValueKind.Object ->
                for property in json.EnumerateObject() do
                    learn property.Value
            | _ -> ()

        and see address generation =
            if not (generations.ContainsKey address) then
                generations[address] <- SortedSet()

            if generation > 0L then
                generations[address].Add generation |> ignore

        do
            for line in lines do
                see line.At 0L
                learn line.Json

        let addresses = generations.Keys |> Seq.sort |> List.ofSeq

        member _.Address(address: string) = 1 + List.findIndex ((=) address) addresses

        member _.Generation(address: string, generation: int64) =
            if generation = 0L then
                0
            else
                1 + Seq.findIndex ((=) generation) generations[address]

    let private record (names: Names) (address: string) (parts: JsonElement list) : ModelRecord =
        match parts with
        | [ generation; incarnation; status ] ->
            {
                Generation = names.Generation(address, generation.GetInt64())
                Incarnation = incarnation.GetInt32()
                Status = text status
            }
        | _ -> failwith $"no record: {parts}"

    let private identity (names: Names) (json: JsonElement) : ModelId =
        match items json with
        | [ address; generation ] ->
            {
                Address = names.Address(text address)
                Generation = names.Generation(text address, generation.GetInt64())
            }
        | _ -> failwith $"{json} is no identity"

    let private records (names: Names) (json: JsonElement) : ModelRecords =
        Map.ofSeq
            [
                for property in json.EnumerateObject() ->
                    names.Address property.Name, record names property.Name (items property.Value)
            ]

    let private timer (names: Names) (json: JsonElement) : int list =
        match items json with
        | address :: generation :: rest ->
            names.Address(text address)
            :: names.Generation(text address, generation.GetInt64())
            :: List.map (fun (number: JsonElement) -> number.GetInt32()) rest
        | _ -> failwith $"{json} is no timer"

    let private state (names: Names) (json: JsonElement) : ModelState =
        {
            Id = get "id" json |> identity names
            Inc = (get "inc" json).GetInt32()
            Conn = get "conn" json |> text
            Left = (get "left" json).GetBoolean()
            Await = (get "await" json).GetBoolean()
            Mem = get "mem" json |> records names
            Tomb =
                Map.ofSeq
                    [
                        for stone in (get "tomb" json).EnumerateObject() ->
                            match items stone.Value with
                            | [ generation; incarnation ] ->
                                let rank = names.Generation(stone.Name, generation.GetInt64())
                                names.Address stone.Name, (rank, incarnation.GetInt32())
                            | _ -> failwith $"{stone} is no tombstone"
                    ]
            Up = get "up" json |> records names
            Susp =
                set
                    [
                        for each in items (get "susp" json) do
                            match timer names each with
                            | [ address; generation; incarnation ] -> address, generation, incarnation
                            | _ -> failwith $"{each} is no suspicion"
                    ]
            Rem =
                set
                    [
                        for each in items (get "rem" json) do
                            match timer names each with
                            | [ address; generation; incarnation ] -> address, generation, incarnation
                            | _ -> failwith $"{each} is no removal"
                    ]
        }

    let private packet (names: Names) (json: JsonElement) : ModelPacket =
        let named = get "to" json

        {
            Kind = get "k" json |> text
            Source = get "src" json |> identity names
            SourceIncarnation = (get "si" json).GetInt32()
            Destination = get "dst" json |> identity names
            Named =
                if named.ValueKind = JsonValueKind.Null then
                    None
                else
                    Some(identity names named)
            Updates =
                Map.ofSeq
                    [
                        for update in items (get "ups" json) do
                            match items update with
                            | address :: rest -> names.Address(text address), record names (text address) rest
                            | [] -> failwith "an update without an address"
                    ]
        }

    let private note (names: Names) (json: JsonElement) : ModelNote =
        match items json with
        | [ kind; address; generation ] ->
            text kind, names.Address(text address), names.Generation(text address, generation.GetInt64())
        | _ -> failwith $"{json} is no event for the user"

    // The tables of the model have no word for every step of a trace.
    let private step (names: Names) (op: string) (json: JsonElement) : (string * Argument) option =
        let number (address: JsonElement) = Number(names.Address(text address))

        match op with
        | "Start" -> None
        | "Receive" -> Some("Receive", Packet(packet names json))
        | "Probe" when (get "failed" json).ValueKind = JsonValueKind.Null ->
            Some("Ping", number (get "target" json))
        | "Expire"
        | "Forget" -> Some(op, Timer(timer names json))
        | "Unbury" -> Some(op, number json)
        | "Announce" when (identity names json).Generation = 0 ->
            Some(op, Number (identity names json).Address)
        | "AnnounceDown"
        | "Leave"
        | "Reuse" -> Some(op, Nothing)
        | "Assume" -> Some(op, Number (identity names json).Generation)
        | _ -> None

    /// The lines of a trace.
    let lines (text: string) : TraceLine list =
        [
            for index, line in Seq.indexed (text.Split '\n') do
                if line <> "" then
                    let json = JsonDocument.Parse(line).RootElement

                    {
                        Number = index + 1
                        Op = json.GetProperty("op").GetString() |> string
                        At = json.GetProperty("at").GetString() |> string
                        Json = json
                    }
        ]

    /// The steps that the tables know the like of. All members can renew, and Down is final.
    let transitions (trace: TraceLine list) : Transition list =
        let names = Names trace
        let before = Dictionary<string, ModelState>()
        let renewable = set [ for line in trace -> names.Address line.At ]

        [
            for line in trace do
                let after = state names (get "after" line.Json)

                match step names line.Op (get "argument" line.Json) with
                | Some(operator, argument) ->
                    {
                        Operator = operator
                        Node = names.Address line.At
                        Renewable = renewable
                        DownIsFinal = true
                        Argument = argument
                        Before = before[line.At]
                        After = after
                        Out = set (List.map (packet names) (items (get "out" line.Json)))
                        Notes = List.map (note names) (items (get "notes" line.Json))
                        Line = $"line {line.Number}"
                    }
                | None -> ()

                before[line.At] <- after
        ]
