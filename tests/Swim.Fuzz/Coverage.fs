namespace Swim.Fuzz

#nowarn "9" // SharpFuzz counts in unmanaged memory.

open System
open System.Runtime.InteropServices
open FSharp.NativeInterop
open Swim
open Swim.Core

/// Which branches of the instrumented library an input takes, and how often: the map of AFL.
[<RequireQualifiedAccess>]
module internal Coverage =

    let private size = 1 <<< 16

    let private map: nativeptr<byte> =
        NativePtr.ofVoidPtr<byte>(NativeMemory.AllocZeroed(unativeint size))

    /// What instrumented code needs before it first runs.
    let prepare () = SharpFuzz.Common.Trace.SharedMem <- map

    /// Whether the library that runs here is the instrumented one.
    let isInstrumented () =
        typeof<RandomGenerator>.Assembly.GetReferencedAssemblies()
        |> Array.exists (fun reference -> reference.Name = "SharpFuzz.Common")

    // Whether a loop ran 40 or 41 times makes no difference.
    let private bucket (count: byte) : byte =
        match count with
        | 0uy -> 0uy
        | 1uy -> 1uy
        | 2uy -> 2uy
        | 3uy -> 4uy
        | count when count < 8uy -> 8uy
        | count when count < 16uy -> 16uy
        | count when count < 32uy -> 32uy
        | count when count < 128uy -> 64uy
        | _ -> 128uy

    /// Runs something and hands each branch that it took, with its bucket, to `visit`.
    let trace (run: unit -> unit) (visit: int -> byte -> unit) : unit =
        let bytes = Span<byte>(NativePtr.toVoidPtr map, size)
        bytes.Clear()
        SharpFuzz.Common.Trace.PrevLocation <- 0
        run ()
        let words = MemoryMarshal.Cast<byte, uint64> bytes

        for word in 0 .. words.Length - 1 do
            if words[word] <> 0UL then
                for at in 8 * word .. 8 * word + 7 do
                    if bytes[at] <> 0uy then
                        visit at (bucket bytes[at])

/// All that was covered so far: which branches, and `byCount` also how often one input took them.
[<Sealed>]
type internal CoveredSoFar(byCount: bool) =
    let seen: byte[] = Array.zeroCreate (1 <<< 16)
    let mutable branches = 0

    /// How many branches were taken.
    member _.Branches = branches

    /// Runs something; whether it did what nothing did before.
    member _.Add(run: unit -> unit) : bool =
        let mutable isNew = false

        Coverage.trace run (fun at bucket ->
            let bucket = if byCount then bucket else 1uy

            if seen[at] &&& bucket = 0uy then
                isNew <- true

                if seen[at] = 0uy then
                    branches <- branches + 1

                seen[at] <- seen[at] ||| bucket)

        isNew
