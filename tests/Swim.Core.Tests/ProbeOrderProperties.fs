/// How long a member waits for its probe (R7.1, R2.4), while others come and go.
module Swim.Core.Tests.ProbeOrderProperties

open System.Collections.Generic
open Expecto
open Swim
open Swim.Core

/// Since when an active member waits: how many periods have passed, and how many members could be probed
/// meanwhile, itself included: those that were active in the beginning, and those that became so since.
[<Struct>]
type private Wait = { Periods: int; Members: int }

/// A member under watch whose probes are always answered, and the waits of all that it knows as active.
type private Run(randomSeed: uint64) =

    let core = CheckedMember(Given.rules Given.simple, Given.me, randomSeed)
    let waits = Dictionary<int, Wait>()
    let lives = Dictionary<int, int>()

    let begins address = waits[address] <- { Periods = 0; Members = core.State.Members.ActiveCount }

    let identityOf address = { Given.peer address with Generation = lives.GetValueOrDefault(address, 1) }

    /// Becomes active, under a new identity if it was there before.
    member _.Comes(address: int) =
        if not (waits.ContainsKey address) then
            lives[address] <- lives.GetValueOrDefault(address, 0) + 1
            core.Step(Given.apply [ MemberRecord.alive (identityOf address) 0us ]) |> ignore

            for other in List.ofSeq waits.Keys do
                waits[other] <- { waits[other] with Members = waits[other].Members + 1 }

            begins address

    member _.Goes(address: int) =
        if waits.Remove address then
            core.Step(Given.apply [ MemberRecord.down (identityOf address) 0us ]) |> ignore

    member _.IsForgotten(address: int) = core.Fire(RemoveDown(identityOf address, 0us)) |> ignore

    member _.IsSuspected(address: int) =
        if waits.ContainsKey address then
            core.Step(Given.apply [ MemberRecord.suspect (identityOf address) 0us ]) |> ignore

    /// One period; no member may have waited for longer than two passes less one.
    member _.Period() =
        if waits.Count > 0 then
            let target, _ = Given.probe core
            Given.indirectStage core |> ignore
            core.Step(Given.from target (Message.ack core.State.Probe.Number)) |> ignore

            for address in List.ofSeq waits.Keys do
                let wait = { waits[address] with Periods = waits[address].Periods + 1 }
                waits[address] <- wait

                // A member that is still not probed after so many could not be in time any more.
                let most = 2 * wait.Members - (if address = target.Address then 1 else 2)

                if wait.Periods > most then
                    failtestf "%d waits for %d periods among %d" address wait.Periods wait.Members

            begins target.Address

let private perform (run: Run) (kind: byte, address: byte) =
    let address = 2 + int address % 10

    match kind % 10uy with
    | 0uy
    | 1uy -> run.Comes address
    | 2uy -> run.Goes address
    | 3uy -> run.IsForgotten address
    | 4uy -> run.IsSuspected address
    | _ -> run.Period()

let private many = { FsCheckConfig.defaultConfig with maxTest = 300; endSize = 200 }

let tests =
    testList
        "Probe order properties"
        [
            testPropertyWithConfig
                many
                "R7.1 each member is probed within 2n - 1 periods, also while others come and go"
            <| fun (randomSeed: uint64) (operations: (byte * byte) list) ->
                let run = Run(randomSeed)
                List.iter (perform run) operations

            testPropertyWithConfig many "R7.1 and while no member does"
            <| fun (randomSeed: uint64) (count: byte) ->
                let count = 1 + int count % 12
                let run = Run(randomSeed)

                for address in 2 .. count + 1 do
                    run.Comes address

                for _ in 1 .. 6 * count do
                    run.Period()
        ]
