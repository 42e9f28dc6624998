namespace Swim.Core

/// The random generator of a state (SplitMix64): one word, so a state that is kept, copied or replayed draws the
/// same numbers again. It is not fit for secrets.
[<Struct>]
type RandomGenerator =
    {
        /// The random seed of the next draw.
        mutable Seed: uint64
    }

/// Draws from a `RandomGenerator`. Each draw changes the generator.
[<RequireQualifiedAccess>]
module RandomGenerator =

    /// A generator that starts from a random seed, for which every value is good.
    let create (randomSeed: uint64) : RandomGenerator = { Seed = randomSeed }

    /// The next 64 bits.
    let next (random: byref<RandomGenerator>) : uint64 =
        random.Seed <- random.Seed + 0x9E3779B97F4A7C15UL
        let mutable word = random.Seed
        word <- (word ^^^ (word >>> 30)) * 0xBF58476D1CE4E5B9UL
        word <- (word ^^^ (word >>> 27)) * 0x94D049BB133111EBUL
        word ^^^ (word >>> 31)

    /// A uniform draw from 0 to `bound` - 1, without modulo bias. A bound of 1 or less gives 0
    /// and draws nothing.
    let below (random: byref<RandomGenerator>) (bound: int) : int =
        if bound <= 1 then
            0
        else
            let range = uint32 bound
            let mutable product = uint64 (uint32 (next &random)) * uint64 range

            // Multiply-and-shift: rejects the few low results that would favour some values.
            if uint32 product < range then
                let threshold = (0u - range) % range

                while uint32 product < threshold do
                    product <- uint64 (uint32 (next &random)) * uint64 range

            int (product >>> 32)
