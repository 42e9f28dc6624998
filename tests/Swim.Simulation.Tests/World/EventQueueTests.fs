/// The event queue, compared with a plain list.
module Swim.Simulation.Tests.EventQueueTests

open Expecto
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

/// A call of a queue: an event that is due at this time is added, or the next is taken.
type private Call =
    | Add of time: int
    | Take

let private calls: Gen<Call list> =
    Gen.list
        (Range.linear 0 400)
        (Gen.frequency [ 6, Draw.between 0 30 |> Gen.map Add; 4, Gen.constant Take ])

/// The results of these calls on the queue, and on a list of which the first of the soonest is taken.
let private play (calls: Call list) =
    let queue = EventQueue<int>()
    let mutable queued = []

    let results =
        calls
        |> List.indexed
        |> List.choose (fun (number, call) ->
            match call, queued with
            | Add time, _ ->
                queue.Add(int64 time, number)
                queued <- queued @ [ time, number ]
                None
            | Take, [] -> None
            | Take, _ ->
                let expected = queued |> List.minBy fst
                queued <- queued |> List.filter (fun other -> other <> expected)
                let time = int queue.NextTime
                Some((time, queue.Take()), expected))

    results, (queue.Count, queued.Length)

let tests =
    testList
        "EventQueue"
        [
            testCase
                "the event queue takes the soonest first, and of those due together the first that was added"
            <| fun () ->
                let search =
                    {
                        Name = "queue"
                        Cases = calls
                        Print = sprintf "%A"
                        Check =
                            fun calls ->
                                match play calls with
                                | results, (count, expected) when
                                    count = expected
                                    && results |> List.forall (fun (one, other) -> one = other)
                                    ->
                                    None
                                | wrong -> Some $"%A{wrong}"
                    }

                Expect.isNone (Search.run search 300 1UL).Failure "the same"

            testCase "the event queue keeps its order when it grows"
            <| fun () ->
                let queue = EventQueue<int>()

                for number in 0..9_999 do
                    queue.Add(int64 (number * 7919 % 10_000), number)

                let taken = List.init 10_000 (fun _ -> queue.NextTime, queue.Take())
                Expect.equal (List.map fst taken) [ 0L .. 9_999L ] "every time once, in order"
                Expect.equal queue.Count 0 "nothing is left"
        ]
