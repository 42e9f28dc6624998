module Swim.Cli.Tests.ForgedRecordingTests

open System
open System.Buffers.Binary
open System.IO
open System.Numerics
open Expecto

// Takes a recording apart and puts it together again (spec/recording-format.md).

let private preludeSize = 8

/// Reads a varint: its value, and the index of the byte behind it.
let rec private varint (bytes: byte[]) at : int * int =
    if bytes[at] < 0x80uy then
        int bytes[at], at + 1
    else
        let rest, next = varint bytes (at + 1)
        int (bytes[at] &&& 0x7Fuy) + (rest <<< 7), next

let rec private varintOf (value: int) : byte list =
    if value < 0x80 then
        [ byte value ]
    else
        byte (value ||| 0x80) :: varintOf (value >>> 7)

let private payloads (bytes: byte[]) : byte[] list =
    let rec from at =
        if at = bytes.Length then
            []
        else
            let length, next = varint bytes at
            bytes[next + 4 .. next + 3 + length] :: from (next + 4 + length)

    from preludeSize

let private crc (payload: byte[]) =
    let mutable value = UInt32.MaxValue

    for one in payload do
        value <- BitOperations.Crc32C(value, one)

    ~~~value

let private seal (payload: byte[]) =
    let checksum = Array.zeroCreate 4
    BinaryPrimitives.WriteUInt32BigEndian(checksum.AsSpan(), crc payload)
    Array.concat [ Array.ofList (varintOf payload.Length); checksum; payload ]

/// Rewrites a recording with its entries changed, and with valid lengths and checksums.
let private forge (path: string) (change: byte[] list -> byte[] list) =
    let bytes = File.ReadAllBytes path
    let entries = payloads bytes |> change |> List.map seal
    File.WriteAllBytes(path, Array.concat (bytes[.. preludeSize - 1] :: entries))

/// The index of a step's digest in its payload: behind member, time, answers and count of effects.
let private digestAt (payload: byte[]) =
    let _, at = varint payload 1
    let _, at = varint payload at
    let answers, at = varint payload at
    let _, at = varint payload (at + (answers + 7) / 8)
    at

let private isStep (payload: byte[]) = payload[0] = 2uy

let private isTimer (payload: byte[]) = isStep payload && payload[digestAt payload + 4] = 1uy

let private withRecording name test =
    Tool.testInFolder name
    <| fun folder ->
        let path = folder.File "run.swimrec"
        Tool.succeed $"simulate --nodes 4 --config local --runs 1 --trace {path}" |> ignore
        test path

let tests =
    testList
        "replay, forged recordings"
        [
            withRecording "rewriting a recording without a change gives the same bytes"
            <| fun path ->
                let before = File.ReadAllBytes path
                forge path id
                Expect.equal (File.ReadAllBytes path) before "the same bytes"

            withRecording "a step whose recorded outcome differs from the replayed one is reported"
            <| fun path ->
                let mutable number = 0

                forge path (fun entries ->
                    let forged = entries |> List.findIndexBack isStep
                    number <- forged

                    entries
                    |> List.mapi (fun index payload ->
                        if index = forged then
                            let at = digestAt payload
                            payload[at] <- payload[at] ^^^ 1uy

                        payload))

                let printed = Tool.run $"replay {path}"
                Expect.equal (printed.Code, printed.Error) (1, "") "it is not the same"
                Expect.stringContains printed.Output "steps that are not as recorded: 1\n" "how many"
                Expect.stringContains printed.Output $"\n  entry {number}, member " "which"
                Expect.isFalse (printed.Output.Contains "every step is as recorded") "not all"

                let json = Tool.run $"replay {path} --json"
                Expect.stringStarts json.Output "{\"ok\":false," "in JSON"
                Expect.stringContains json.Output $"\"differences\":[\"entry {number}, member " "in JSON"

                let stepped = Tool.runWith "100000\nq\n" [ "replay"; path; "--step" ]
                Expect.equal stepped.Code 1 "also step by step"
                Expect.stringContains stepped.Output "    ! not as recorded: entry " "where"

            withRecording "a timer that was duplicated in the recording is reported as a difference"
            <| fun path ->
                forge path (fun entries ->
                    let at = List.findIndex isTimer entries
                    List.insertAt at entries[at] entries)

                let printed = Tool.run $"replay {path}"
                Expect.equal (printed.Code, printed.Error) (1, "") "it is not the same"
                Expect.stringContains printed.Output "steps that are not as recorded: " "from there on"

            withRecording "a recorded step of a member that never started is reported in one line"
            <| fun path ->
                // Removes the start of the first member; the header stays.
                forge path (List.removeAt 1)
                let printed = Tool.run $"replay {path}"
                Expect.equal printed.Code 1 "it is inconsistent"

                Expect.isMatch
                    printed.Error
                    @"^swim: run\.swimrec is inconsistent at entry \d+: Member 1 took a step, but it has not started\.\n$"
                    "where"
        ]
