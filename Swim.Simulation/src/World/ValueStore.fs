namespace Swim.Simulation

open System
open System.Buffers.Binary
open System.Collections.Generic
open Swim
open Swim.Core

/// The key of a broadcast: a newer version of a value invalidates an older one of the same key.
[<Sealed>]
type ValueKey(key: int, version: int) =
    inherit BroadcastKey()
    member _.Key = key
    member _.Version = version

    override _.Invalidates other =
        match other with
        | :? ValueKey as other -> other.Key = key && other.Version < version
        | _ -> false

/// The broadcast handler of a simulated member: a store of versioned values (R8.7).
[<Sealed>]
type ValueStore() =

    [<Literal>]
    let headerSize = 8

    let versions = Dictionary<int, int>()
    let mutable largest = 0

    /// The version of a key that the member has; 0 if it has none.
    member _.Version(key: int) =
        match versions.TryGetValue key with
        | true, version -> version
        | _ -> 0

    /// The size of the largest payload that the member made or accepted, in bytes.
    member _.LargestPayload = largest

    /// The keys that the member has.
    member _.Keys = versions.Keys :> seq<int>

    /// Makes the next version of a value, and its broadcast of `size` bytes, at least 8.
    member store.Put(key: int, size: int) : struct (BroadcastKey * Payload) =
        let version = store.Version key + 1
        versions[key] <- version
        let payload = Array.zeroCreate<byte>(max headerSize size)
        largest <- max largest payload.Length
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan 0, key)
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan 4, version)
        struct (ValueKey(key, version), Payload payload)

    /// Takes a broadcast of another member in: its key if it is newer than what the store has, else none.
    member store.Receive(payload: Payload) : BroadcastKey voption =
        if payload.Length < headerSize then
            ValueNone
        else
            let key = BinaryPrimitives.ReadInt32BigEndian payload.Span
            let version = BinaryPrimitives.ReadInt32BigEndian(payload.Span.Slice 4)

            if version > store.Version key then
                versions[key] <- version
                largest <- max largest payload.Length
                ValueSome(ValueKey(key, version))
            else
                ValueNone
