/// R1: what the protocol asks of an identity, and that there is one record for each address.
module Swim.Core.Tests.IdentityRules

open Expecto
open Swim
open Swim.Core

let private withIdentities identities =
    CheckedMember(Rules.create Given.simple identities TestId.sizes, Given.me, 7UL)

/// Raw numbers from FsCheck as records of a few addresses and generations.
let private recordOf (address: byte, generation: byte, status: byte) =
    let identity = { Given.peer (2 + int address % 5) with Generation = int generation % 4 }

    MemberRecord.create identity 0us (LanguagePrimitives.EnumOfValue(status % 3uy))

let tests =
    testList
        "R1 Identity"
        [
            testCase "R1.1 a record is found by its address when many share a hash"
            <| fun () ->
                let core = withIdentities TestId.colliding
                let addresses = [ 2..60 ]
                core.Step(Given.apply (List.map Given.alive addresses)) |> ignore
                Expect.equal (Seen.activeAddresses core) addresses "each address once"

            testCase "R1.1 the hash of an address never influences what the protocol does"
            <| fun () ->
                let traceWith identities =
                    let core = withIdentities identities

                    core.Step(Given.apply (List.map Given.alive [ 2..20 ])),
                    List.init 40 (fun _ -> Given.silentPeriod core),
                    Seen.records core

                Expect.equal
                    (traceWith TestId.colliding)
                    (traceWith TestId.operations)
                    "the same effects, probes and records"

            testCase "R1.1 which of two identities wins is the identity's own affair"
            <| fun () ->
                let core = withIdentities TestId.oldestWins
                let later = MemberRecord.alive (Given.newer (Given.peer 2)) 0us
                core.Step(Given.apply [ Given.alive 2; later ]) |> ignore
                Expect.equal (Seen.records core) [ Given.alive 2 ] "the older one stays"

                let second = withIdentities TestId.oldestWins
                second.Step(Given.apply [ later; Given.alive 2 ]) |> ignore
                Expect.equal (Seen.records second) [ Given.alive 2 ] "and replaces the newer one"

            testCase "R1.2 of two identities with one address only one record is kept"
            <| fun () ->
                let core = Given.knowingAlive [ 2 ]
                let restarted = MemberRecord.alive (Given.newer (Given.peer 2)) 0us
                core.Step(Given.apply [ restarted ]) |> ignore
                Expect.equal (Seen.records core) [ restarted ] "only the newer one"

            testProperty "R1.2 memory is bounded by addresses, not by identities"
            <| fun (raw: (byte * byte * byte) list) ->
                let core = Given.coreWith Given.simple Given.me
                core.Step(Given.apply (List.map recordOf raw)) |> ignore

                let addresses = raw |> List.map (recordOf >> _.Identity.Address) |> List.distinct |> List.sort

                Expect.equal
                    (Seen.records core |> List.map _.Identity.Address)
                    addresses
                    "one record for each address"
        ]
