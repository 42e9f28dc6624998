module Swim.Conformance.Main

open Expecto

let private tables = [ for name in Tables.names -> name, lazy Tables.read name ]

let private all =
    testList "Swim.Conformance" [ AbstractionTests.tests tables; TableTests.tests tables ]

[<EntryPoint>]
let main arguments = runTestsWithCLIArgs [] arguments all
