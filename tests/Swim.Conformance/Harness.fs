/// Small clusters in the simulator that go through all that the model knows, and their traces.
module Swim.Conformance.Harness

open System
open System.IO
open System.IO.Compression
open Swim
open Swim.Core
open Swim.Simulation

let private nameOf (identity: NodeIdentity) : ModelId =
    { Address = identity.Port; Generation = int identity.Generation }

let private seconds (value: float) = TimeSpan.FromSeconds value

/// Quick to notice and quick to forget, so that much happens in few lines.
let private config =
    { SwimConfig.Local 3 with
        RemoveDownAfter = seconds 2.5
        PeriodicGossip = System.Nullable { Frequency = seconds 0.1; Members = 255 }
        PeriodicAnnounce = System.Nullable { Frequency = seconds 2.0; Members = 255 }
    }

let private scenario nodes length actions =
    Scenario.quiet nodes config (seconds length)
    |> Scenario.withActions [ for time, action in actions -> seconds time, action ]

let private lossy =
    { Quality.perfect with
        Latency = Uniform(TimeSpan.FromMilliseconds 1.0, TimeSpan.FromMilliseconds 60.0)
        Loss = 150_000
        Duplication = 100_000
    }

/// What is traced, by name, with the random seed that makes it.
let runs: (string * uint64 * Scenario) list =
    [
        "two-loss", 1UL, { scenario 2 4.0 [] with Quality = lossy }
        "two-kill", 2UL, scenario 2 6.0 [ 1.0, ScenarioAction.Crash 2; 3.0, ScenarioAction.Restart 2 ]
        "two-leave",
        3UL,
        scenario
            2
            6.0
            [
                1.0, ScenarioAction.Leave 2
                2.0, ScenarioAction.Reuse 2
                3.0, ScenarioAction.ChangeIdentity 1
            ]
        "two-false-suspicion", 4UL, scenario 2 5.0 [ 1.0, ScenarioAction.Pause(1, seconds 1.5) ]
        "two-forgotten", 5UL, scenario 2 9.0 [ 1.0, ScenarioAction.Crash 2; 8.0, ScenarioAction.Restart 2 ]
        "three-loss", 6UL, { scenario 3 3.0 [] with Quality = lossy }
        "three-kill", 7UL, scenario 3 5.0 [ 1.0, ScenarioAction.Crash 3; 3.5, ScenarioAction.Restart 3 ]
        "three-leave", 8UL, scenario 3 4.0 [ 1.0, ScenarioAction.Leave 1; 2.0, ScenarioAction.Reuse 1 ]
        "three-false-suspicion", 9UL, scenario 3 4.0 [ 1.0, ScenarioAction.Pause(2, seconds 1.5) ]
        "three-one-way",
        10UL,
        scenario 3 4.0 [ 1.0, ScenarioAction.Cut([ 1 ], [ 2 ]); 2.0, ScenarioAction.Heal ]
    ]

/// Runs a scenario and writes its trace; how many lines it has.
let write (randomSeed: uint64) (scenario: Scenario) (output: Stream) : int =
    let writer = TraceWriter<NodeIdentity>(output, nameOf)

    let observer =
        { new IRunObserver<NodeIdentity> with
            member _.Started(_, node) = writer.Started(node.State, true)
            member _.Stopped(_, _) = ()

            member _.Stepped(_, node, before, event, effects) =
                writer.Stepped(node.Rules, before, event, effects, node.State)

            member _.Configured(_, _) = ()
            member _.Acted(_, _) = ()
        }

    let world = World(IdentityScheme.node, scenario, randomSeed, observer, StepRunner())
    world.Begin()
    world.RunUntil scenario.Length
    writer.Lines

/// The trace of a run, as it is now.
let traceOf (name: string) : byte[] =
    let _, randomSeed, scenario = runs |> List.find (fun (other, _, _) -> other = name)
    use output = new MemoryStream()
    write randomSeed scenario output |> ignore
    output.ToArray()

let private fileOf folder name = Path.Combine(folder, $"trace-{name}.jsonl.gz")

/// The trace of a run as the model checker followed it.
let followed (vectors: string) (name: string) : byte[] =
    use file = File.OpenRead(fileOf vectors name)
    use unzipped = new GZipStream(file, CompressionMode.Decompress)
    use output = new MemoryStream()
    unzipped.CopyTo output
    output.ToArray()

/// Keeps all traces, once the model checker has followed them.
let keepAll (vectors: string) : unit =
    for name, _, _ in runs do
        use file = File.Create(fileOf vectors name)
        use zipped = new GZipStream(file, CompressionLevel.SmallestSize)
        zipped.Write(ReadOnlySpan(traceOf name))

/// Writes each trace to a folder of its own within this one: a folder is a cluster.
let writeAll (folder: string) : unit =
    for name, _, _ in runs do
        let own = Directory.CreateDirectory(Path.Combine(folder, name))
        let trace = traceOf name
        File.WriteAllBytes(Path.Combine(own.FullName, "members.trace.jsonl"), trace)
        printfn "%s: %d lines" name (trace |> Array.filter ((=) (byte '\n')) |> Array.length)
