/// Packets as values, and their sizes.
module Swim.Core.Tests.PacketTests

open System
open Expecto
open Swim
open Swim.Core

let private packet records payloads =
    Given.packet (Given.peer 2) 3us Given.me (Message.ping 7u) records payloads

/// As a codec may leave it that has no lists to make.
let private bare: Packet<TestId> =
    { packet [] [] with Updates = ArraySegment(); Broadcasts = ArraySegment() }

/// The same lists in the middle of other arrays.
let private relocated (original: Packet<TestId>) =
    let updates = [| Given.down 9; yield! original.Updates; Given.down 9 |]
    let broadcasts = [| Given.payload 9; yield! original.Broadcasts |]

    { original with
        Updates = ArraySegment(updates, 1, original.Updates.Count)
        Broadcasts = ArraySegment(broadcasts, 1, original.Broadcasts.Count)
    }

let private full = packet [ Given.alive 3; Given.down 4 ] [ Given.payload 5; Given.payload 6 ]

let tests =
    testList
        "Packets"
        [
            testCase "packets with the same content are equal, wherever it lies"
            <| fun () ->
                let copy = packet [ Given.alive 3; Given.down 4 ] [ Given.payload 5; Given.payload 6 ]

                Expect.equal copy full "copied"
                Expect.equal (relocated full) full "elsewhere"
                Expect.equal (hash (relocated full)) (hash full) "and have one hash"

            testCase "packets that differ anywhere are not"
            <| fun () ->
                let others =
                    [
                        packet [] []
                        packet [ Given.alive 3 ] [ Given.payload 5; Given.payload 6 ]
                        packet [ Given.down 4; Given.alive 3 ] [ Given.payload 5; Given.payload 6 ]
                        packet [ Given.alive 3; Given.down 4 ] [ Given.payload 5 ]
                        packet [ Given.alive 3; Given.down 4 ] [ Given.payload 5; Given.payload 7 ]
                        Given.packet
                            (Given.peer 2)
                            4us
                            Given.me
                            (Message.ping 7u)
                            [ Given.alive 3; Given.down 4 ]
                            [ Given.payload 5; Given.payload 6 ]
                    ]

                for other in others do
                    Expect.notEqual other full "one thing differs"

            testCase "no list and an empty list are the same"
            <| fun () ->
                Expect.isTrue (bare = packet [] []) "equal"
                Expect.isFalse (bare = full) "not equal"

            testCase "a packet's size is that of its parts"
            <| fun () ->
                let rules = Given.rules Given.simple
                Expect.equal (Packet.size rules (packet [] [])) 20 "a header"
                Expect.equal (Packet.size rules bare) 20 "a header"
                Expect.equal (Packet.size rules (packet [ Given.alive 3 ] [])) 30 "count and record"
                Expect.equal (Packet.size rules (packet [] [ Given.payload 5 ])) 29 "count and payload"
                Expect.equal (Packet.size rules full) (20 + 2 + 16 + 7 + 8) "all of it"

                let broadcast =
                    Given.packet (Given.peer 2) 0us Given.me Message.broadcast [] [ Given.payload 5 ]

                Expect.equal (Packet.size rules broadcast) 27 "a Broadcast has no count"

            testCase "a packet without lists is received as any other"
            <| fun () ->
                let core = Given.knowingAlive [ 2 ]
                let effects = core.Step(PacketReceived bare)
                Expect.equal (Seen.messages effects) [ Given.peer 2, Message.ack 7u ] "answered"
        ]
