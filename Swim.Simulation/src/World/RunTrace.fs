namespace Swim.Simulation

/// Counts what happens in a run and folds it into one hash, by which runs are compared.
[<Sealed>]
type internal RunTrace() =

    // FNV-1a, over words of 64 bits.
    let mutable hash = 0xCBF29CE484222325UL

    member _.Hash = hash

    /// Folds a value into the hash.
    member _.Note(value: uint64) : unit = hash <- (hash ^^^ value) * 0x100000001B3UL

    /// How many steps members took.
    member val Steps = 0L with get, set

    /// How many packets arrived at a running process.
    member val Delivered = 0L with get, set
