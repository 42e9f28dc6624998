/// Where things are.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Repository

open System
open System.IO

/// The top of the repository that this program was built in.
let root: Lazy<string> =
    lazy
        (let rec above (folder: DirectoryInfo | null) =
            match folder with
            | null -> failwith "There is no Swim.sln above this program"
            | folder when File.Exists(Path.Combine(folder.FullName, "Swim.sln")) -> folder.FullName
            | folder -> above folder.Parent

         above (DirectoryInfo AppContext.BaseDirectory))

/// The inputs that are kept with the sources.
let corpus () = Path.Combine(root.Value, "tests", "Swim.Fuzz", "corpus")

/// What fuzzing makes, which is not kept.
let artifacts () = Path.Combine(root.Value, "artifacts", "fuzz")
