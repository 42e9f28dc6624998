/// Which mutant of the core is switched on.
module Swim.Core.Mutant

/// Its place in the list, from 1; 0 for the core as it is.
let mutable current = 0

/// What the mutated sources ask.
let is (number: int) : bool = current = number
