/// Where things are.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Repository

open Swim.TestKit

/// The inputs that are kept with the sources.
let corpus () = Repository.PathOf("tests", "Swim.Fuzz", "corpus")

/// What fuzzing makes, which is not kept.
let artifacts () = Repository.PathOf("artifacts", "fuzz")
