/// Where things are.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Repository

open Swim.TestKit

/// The inputs that are kept with the sources.
let corpus () = RepositoryFiles.PathOf("tests", "Swim.Fuzz", "corpus")

/// What fuzzing makes, which is not kept.
let artifacts () = RepositoryFiles.PathOf("artifacts", "fuzz")
