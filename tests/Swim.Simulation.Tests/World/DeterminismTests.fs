/// The same random seed gives the same run: again, on another thread, and in another process.
module Swim.Simulation.Tests.DeterminismTests

open System
open System.Diagnostics
open System.Threading.Tasks
open Expecto
open Swim.Simulation

// A little of everything: the trials of one random seed.
let private trials: Trial list =
    let search = ResizeArray<Trial>()

    let collecting =
        {
            Name = "scenarios"
            Cases = AnyScenario.any
            Print = AnyScenario.print
            Check =
                fun trial ->
                    search.Add trial
                    None
        }

    Search.run collecting 40 5UL |> ignore
    List.ofSeq search

let private outcome (trial: Trial) =
    let result = Scenarios.run (RealProtocol()) trial
    result.Trace, result.Steps, result.Delivered, result.Faults

/// A hash of these runs.
let fingerprint () : uint64 =
    (0UL, trials)
    ||> List.fold (fun hash trial ->
        let trace, _, _, _ = outcome trial
        hash * 31UL + trace)

let private inAnotherProcess () =
    let program = nonNull Environment.ProcessPath

    // Either `dotnet` with this assembly, or the executable of this project.
    let arguments =
        if IO.Path.GetFileNameWithoutExtension program = "dotnet" then
            [ typeof<Trial>.Assembly.Location; "fingerprint" ]
        else
            [ "fingerprint" ]

    let start = ProcessStartInfo(program, arguments, RedirectStandardOutput = true)

    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    UInt64.Parse output

let tests =
    testList
        "Determinism"
        [
            testCase "the same random seed gives the same run twice"
            <| fun () ->
                for trial in trials do
                    Expect.equal (outcome trial) (outcome trial) $"{AnyScenario.print trial}"

            testCase "runs on two threads are the same as on one"
            <| fun () ->
                let one = trials |> List.map outcome |> Array.ofList
                let two = Array.zeroCreate one.Length
                let trials = Array.ofList trials

                Parallel.For(
                    0,
                    one.Length,
                    ParallelOptions(MaxDegreeOfParallelism = 2),
                    fun index -> two[index] <- outcome trials[index]
                )
                |> ignore

                Expect.equal two one "each of them"

            testCase "another process, whose hash codes differ, makes the same runs"
            <| fun () -> Expect.equal (inAnotherProcess ()) (fingerprint ()) "the same number"

            testCase "another random seed gives another run"
            <| fun () ->
                let trial = trials |> List.maxBy _.Scenario.Nodes
                let other = { trial with RandomSeed = trial.RandomSeed + 1UL }
                Expect.notEqual (outcome other) (outcome trial) "of the same scenario"
        ]
