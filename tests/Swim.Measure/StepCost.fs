/// How long one step takes at different sizes of the cluster: a Ping without updates comes in as bytes,
/// its Ack goes out as bytes.
module Swim.Measure.StepCost

open System
open System.Diagnostics
open System.Net
open Swim

/// What one size of the cluster cost, for each Ping that was answered.
type Cost = { Members: int; MedianNanoseconds: float; Bytes: float }

let private stepsPerRound = 20_000
let private rounds = 15

/// Keeps what it is asked to send last, and counts.
type private LastPacket() =
    let mutable data: byte[] = [||]
    let mutable count = 0
    member val Timers = ResizeArray<SwimTimer<NodeIdentity>>()
    member _.Data = data
    member _.Count = count
    member val Keeps = false with get, set

    interface ISwimRuntime<NodeIdentity> with
        member _.Notify _ = ()

        member this.SendTo(_, packet) =
            count <- count + 1

            if this.Keeps then
                data <- packet.ToArray()

        member this.Schedule(timer, _) =
            if this.Keeps then
                this.Timers.Add timer

let private identity (number: int) =
    let address = IPAddress [| 10uy; byte (number >>> 16); byte (number >>> 8); byte number |]
    NodeIdentity(IPEndPoint(address, 7946), 1UL)

let private instance number seed =
    SwimInstance(identity number, SwimConfig.Lan 100_000, NodeIdentityCodec.Instance, seed)

let private alive (numbers: seq<int>) =
    numbers |> Seq.map (fun number -> Member(identity number, 0us, MemberStatus.Alive))

/// The bytes of a Ping from member 2 to member 1.
let private ping () =
    let prober = instance 2 7UL
    let runtime = LastPacket(Keeps = true)
    prober.ApplyMany(alive [ 1 ], false, runtime)
    prober.HandleTimer(runtime.Timers[0], runtime) |> ignore
    runtime.Data

let private measureAt (members: int) : Cost =
    let packet = ping ()
    let probed = instance 1 1UL
    let runtime = LastPacket()
    probed.ApplyMany(alive (seq { 2 .. members + 1 }), false, runtime)

    let round () =
        let before = runtime.Count
        let started = Stopwatch.GetTimestamp()
        let allocated = GC.GetAllocatedBytesForCurrentThread()

        for _ in 1..stepsPerRound do
            probed.HandleData(ReadOnlySpan packet, runtime) |> ignore

        let bytes = GC.GetAllocatedBytesForCurrentThread() - allocated
        let elapsed = Stopwatch.GetElapsedTime started

        if runtime.Count - before <> stepsPerRound then
            failwith $"only {runtime.Count - before} of {stepsPerRound} pings were answered"

        struct (elapsed.TotalNanoseconds / float stepsPerRound, float bytes / float stepsPerRound)

    // The first rounds are compiled and optimised as they run.
    for _ in 1..rounds do
        round () |> ignore

    let results = Array.init rounds (fun _ -> round ())

    {
        Members = members
        MedianNanoseconds =
            results
            |> Array.map (fun struct (time, _) -> time)
            |> Array.sort
            |> Array.item (rounds / 2)
        Bytes = results |> Array.averageBy (fun struct (_, bytes) -> bytes)
    }

/// Measures at each size in turn.
let measure (sizes: int list) : Cost list = List.map measureAt sizes
