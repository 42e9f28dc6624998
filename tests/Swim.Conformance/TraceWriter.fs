namespace Swim.Conformance

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open Swim
open Swim.Core

/// Writes the steps of members as JSON Lines, and remembers which timers are pending.
[<Sealed>]
type TraceWriter<'Id when 'Id: equality>(output: Stream, name: 'Id -> ModelId) =

    let json = new Utf8JsonWriter(output)
    // The number of pending timers for each suspicion and each removal of each member.
    let suspicions = Dictionary<int, Dictionary<int * int * int, int>>()
    let removals = Dictionary<int, Dictionary<int * int * int, int>>()
    let mutable lines = 0

    let count (table: Dictionary<'Key, int>) (change: int) (key: 'Key) =
        let now =
            match table.TryGetValue key with
            | true, count -> count + change
            | _ -> change

        if now > 0 then table[key] <- now else table.Remove key |> ignore

    let writeId (id: ModelId) =
        json.WriteStartArray()
        json.WriteStringValue(string id.Address)
        json.WriteNumberValue id.Generation
        json.WriteEndArray()

    let writeTimer (address: int) (rest: int list) =
        json.WriteStartArray()
        json.WriteStringValue(string address)
        List.iter (fun (number: int) -> json.WriteNumberValue number) rest
        json.WriteEndArray()

    let writeArray (property: string) (items: 'T seq) (write: 'T -> unit) =
        json.WriteStartArray property
        Seq.iter write items
        json.WriteEndArray()

    let writeRecords (property: string) (records: ModelRecords) =
        json.WriteStartObject property

        for KeyValue(address, record) in records do
            json.WriteStartArray(string address)
            json.WriteNumberValue record.Generation
            json.WriteNumberValue record.Incarnation
            json.WriteStringValue record.Status
            json.WriteEndArray()

        json.WriteEndObject()

    let writePacket (packet: Packet<'Id>) =
        let model = Abstraction.packetOf name packet
        json.WriteStartObject()
        json.WriteString("k", model.Kind)
        json.WritePropertyName "src"
        writeId model.Source
        json.WriteNumber("si", model.SourceIncarnation)
        json.WritePropertyName "dst"
        writeId model.Destination
        json.WritePropertyName "to"

        match model.Named with
        | Some named -> writeId named
        | None -> json.WriteNullValue()

        // In the order of the wire: what comes later may find that what came first changed something.
        writeArray "ups" packet.Updates (fun record ->
            let id = name record.Identity
            let model = Abstraction.recordOf name record
            json.WriteStartArray()
            json.WriteStringValue(string id.Address)
            json.WriteNumberValue id.Generation
            json.WriteNumberValue model.Incarnation
            json.WriteStringValue model.Status
            json.WriteEndArray())

        json.WriteEndObject()

    let writeState (state: ModelState) =
        json.WriteStartObject "after"
        json.WritePropertyName "id"
        writeId state.Id
        json.WriteNumber("inc", state.Inc)
        json.WriteString("conn", state.Conn)
        json.WriteBoolean("left", state.Left)
        json.WriteBoolean("await", state.Await)
        writeRecords "mem" state.Mem
        json.WriteStartObject "tomb"

        for KeyValue(address, (generation, incarnation)) in state.Tomb do
            json.WriteStartArray(string address)
            json.WriteNumberValue(generation: int)
            json.WriteNumberValue(incarnation: int)
            json.WriteEndArray()

        json.WriteEndObject()
        writeRecords "up" state.Up

        writeArray "susp" state.Susp (fun (address, generation, incarnation) ->
            writeTimer address [ generation; incarnation ])

        writeArray "rem" state.Rem (fun (address, generation, incarnation) ->
            writeTimer address [ generation; incarnation ])

        json.WriteEndObject()

    let writeAddresses (addresses: int list) =
        json.WriteStartArray()
        List.iter (fun (address: int) -> json.WriteStringValue(string address)) addresses
        json.WriteEndArray()

    let writeArgument (step: TraceStep) (event: Event<'Id>) =
        json.WritePropertyName "argument"

        match step, event with
        | TraceStep.Receive, PacketReceived packet -> writePacket packet
        | TraceStep.Probe(failed, target), _ ->
            json.WriteStartObject()
            json.WritePropertyName "failed"

            match failed with
            | Some(address, generation, incarnation) -> writeTimer address [ generation; incarnation ]
            | None -> json.WriteNullValue()

            json.WriteString("target", string target)
            json.WriteEndObject()
        | TraceStep.SendIndirectProbe(target, helpers), _ ->
            json.WriteStartObject()
            json.WriteString("target", string target)
            json.WritePropertyName "helpers"
            writeAddresses helpers
            json.WriteEndObject()
        | TraceStep.Expire(address, generation, incarnation), _
        | TraceStep.Forget(address, generation, incarnation), _ ->
            writeTimer address [ generation; incarnation ]
        | TraceStep.Unbury address, _ -> json.WriteStringValue(string address)
        | TraceStep.AnnounceTo addresses, _
        | TraceStep.AnnounceDown addresses, _
        | TraceStep.Gossip addresses, _ -> writeAddresses addresses
        | TraceStep.Announce id, _
        | TraceStep.Assume id, _ -> writeId id
        | _ -> json.WriteNullValue()

    let nameOf (step: TraceStep) =
        match step with
        | TraceStep.Receive -> "Receive"
        | TraceStep.Probe _ -> "Probe"
        | TraceStep.SendIndirectProbe _ -> "SendIndirectProbe"
        | TraceStep.Expire _ -> "Expire"
        | TraceStep.Forget _ -> "Forget"
        | TraceStep.Unbury _ -> "Unbury"
        | TraceStep.Announce _ -> "Announce"
        | TraceStep.AnnounceTo _ -> "AnnounceTo"
        | TraceStep.AnnounceDown _ -> "AnnounceDown"
        | TraceStep.Gossip _ -> "Gossip"
        | TraceStep.Leave -> "Leave"
        | TraceStep.Reuse -> "Reuse"
        | TraceStep.Assume _ -> "Assume"
        | TraceStep.Nothing -> "Nothing"

    let stateOf (address: int) (state: State<'Id>) =
        Abstraction.stateOf name (set suspicions[address].Keys) (set removals[address].Keys) state

    let line (op: string) (address: int) (writeArgument: unit -> unit) after (rest: unit -> unit) =
        json.Reset()
        json.WriteStartObject()
        json.WriteString("op", op)
        json.WriteString("at", string address)
        writeArgument ()
        writeState after
        rest ()
        json.WriteEndObject()
        json.Flush()
        output.WriteByte(byte '\n')
        lines <- lines + 1

    /// How many lines were written.
    member _.Lines = lines

    /// A process starts.
    member _.Started(state: State<'Id>, isRenewable: bool) : unit =
        let address = (name state.Identity).Address
        suspicions[address] <- Dictionary()
        removals[address] <- Dictionary()

        let argument () =
            json.WriteStartObject "argument"
            json.WriteBoolean("renewable", isRenewable)
            json.WriteEndObject()

        let nothing () =
            writeArray "out" Seq.empty ignore
            writeArray "notes" Seq.empty ignore

        line "Start" address argument (stateOf address state) nothing

    /// A member took a step.
    member _.Stepped(rules, before: State<'Id>, event: Event<'Id>, effects: Effects<'Id>, after) : unit =
        let address = (name before.Identity).Address
        let ofSuspicion = Abstraction.suspicionOf name
        let ofRemoval = Abstraction.removalOf name

        let take change timer =
            timer |> ofSuspicion |> Option.iter (count suspicions[address] change)
            timer |> ofRemoval |> Option.iter (count removals[address] change)

        match event with
        | TimerFired timer -> take -1 timer
        | _ -> ()

        for effect in effects do
            match effect with
            | Schedule(timer, _) -> take 1 timer
            | _ -> ()

        let step = TraceStep.ofStep name rules before event effects

        let rest () =
            let packets =
                effects
                |> Seq.choose (function
                    | Send packet -> Some packet
                    | _ -> None)

            writeArray "out" packets writePacket

            writeArray "notes" (Abstraction.notesOf name effects) (fun (kind, address, generation) ->
                json.WriteStartArray()
                json.WriteStringValue kind
                json.WriteStringValue(string address)
                json.WriteNumberValue generation
                json.WriteEndArray())

        line (nameOf step) address (fun () -> writeArgument step event) (stateOf address after) rest
