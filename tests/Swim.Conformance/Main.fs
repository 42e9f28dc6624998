module Swim.Conformance.Main

open Expecto

let private tables = [ for name in Tables.names -> name, lazy Tables.read name ]

let private all =
    testList
        "Swim.Conformance"
        [ AbstractionTests.tests tables; TableTests.tests tables; TraceTests.tests tables ]

[<EntryPoint>]
let main arguments =
    match arguments with
    | [| "traces"; folder |] ->
        Harness.writeAll folder
        0
    | [| "keep-traces" |] ->
        Harness.keepAll Tables.folder
        0
    | [| "traces"; folder; recordings |] ->
        RecordedTrace.writeAll recordings folder
        0
    | _ -> runTestsWithCLIArgs [] arguments all
