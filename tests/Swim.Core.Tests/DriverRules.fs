/// What the shared driver makes of an event: its effects carried out, and the broadcast handshake (R9.5, R9.6).
module Swim.Core.Tests.DriverRules

open System
open Expecto
open Swim
open Swim.Core
open Swim.Core.Tests.LoggedDriver

let private effectTests =
    [
        testCase "the effects of a step are carried out in their order"
        <| fun () ->
            let rules = Given.rules Given.simple
            let start = State.create Given.me 1UL
            let event = Given.from two Message.announce
            let struct (_, effects) = Protocol.step rules start event
            let driven = drive rules start
            Expect.equal (driven.Handle event) SwimError.None "no error"

            let expected =
                [
                    for effect in effects do
                        match effect with
                        | Send packet -> Sent(packet.Header.Destination, packet.Header.Kind)
                        | Schedule(timer, after) -> Scheduled(timer, after)
                        | Notify event -> Notified(event.Kind, event.Identity)
                        | other -> failtestf "%A" other
                ]

            Expect.equal driven.Calls expected "each once"
            Expect.isGreaterThan expected.Length 3 "several"
            Expect.contains expected (Sent(two, MessageKind.Feed)) "a packet"
            Expect.contains expected (Notified(SwimEventKind.MemberUp, two)) "an event"

        testCase "the first error is returned, and the effects after it are carried out"
        <| fun () ->
            let driven = driveFrom (Given.knowingAlive [ 2; 3; 4 ])
            let errors = [ SwimError.None; SwimError.Encode; SwimError.DataTooBig ]
            driven.Handler.OnSend <- fun _ -> errors[driven.Handler.Packets.Count - 1]
            Expect.equal (driven.Handle GossipNow) SwimError.Encode "the first, not the last"
            Expect.equal driven.Calls.Length 3 "all three packets"

        testCase "what a step reports is returned"
        <| fun () ->
            let driven = member' ()
            let event = Given.from (Given.newer Given.me) (Message.ping 1u)
            Expect.equal (driven.Handle event) SwimError.DataFromOurselves "R9.2"
            Expect.isEmpty driven.Calls "nothing to carry out"

        testCase "the state of the driver is the one after the last step"
        <| fun () ->
            let driven = driveFrom (Given.coreWith Given.simple Given.me)
            driven.Handle(Given.apply [ Given.alive 5 ]) |> ignore
            let known = State.activeMembers driven.Driver.State |> List.ofSeq
            Expect.equal known [ Given.alive 5 ] "5 is known"
    ]

let private offerTests =
    [
        testCase "R9.5 items are offered in their order, and the packet is answered after them"
        <| fun () ->
            let driven = member' ()
            Expect.equal (driven.Handle(pingWith [ 3; 1; 2 ])) SwimError.None "no error"
            let offers = [ for length in [ 3; 1; 2 ] -> Offered(two, length) ]
            Expect.equal driven.Calls (offers @ [ ack ]) "and then one Ack"
            Expect.isTrue driven.Driver.State.PendingReply.IsNone "no reply is pending"

        testCase "R9.5 items after the first invalid one are not offered, and the packet is answered"
        <| fun () ->
            let driven = member' ()
            driven.Handler.OnOffer <- fun payload -> if payload.Length = 2 then Invalid else Stale
            Expect.equal (driven.Handle(pingWith [ 1; 2; 3; 4 ])) SwimError.CustomBroadcast "invalid"
            Expect.equal driven.Calls [ Offered(two, 1); Offered(two, 2); ack ] "3 and 4 are not"

        testCase "R9.5 a Fresh item is disseminated as the bytes of the handler, a Stale one is not"
        <| fun () ->
            let driven = member' ()
            let kept = Given.payload 30

            driven.Handler.OnOffer <-
                fun payload -> if payload.Length = 2 then Fresh(topic 1, kept) else Stale

            Expect.equal (driven.Handle(pingWith [ 1; 2; 3 ])) SwimError.None "no error"
            let carried = driven.Handler.Packets[0].Broadcasts |> Seq.map _.ToArray() |> List.ofSeq
            Expect.equal carried [ kept.ToArray() ] "the answer carries it already"

        testCase "R8.7 a Fresh item removes those that its key invalidates"
        <| fun () ->
            let driven = member' ()

            driven.Handler.OnOffer <- fun payload -> Fresh(topic payload.Length, payload)
            driven.Handle(pingWith [ 1; 2 ]) |> ignore
            Expect.equal driven.Driver.State.Broadcasts.Count 1 "the newer one waits"
            let carried = driven.Handler.Packets[0].Broadcasts |> Seq.map _.Length |> List.ofSeq
            Expect.equal carried [ 2 ] "and is sent"

        testCase "R9.5 a Fresh item that fits into no packet of the member is dropped, and is no error"
        <| fun () ->
            let driven = member' ()
            driven.Handler.OnOffer <- fun _ -> Fresh(topic 1, Given.payload 2000)
            Expect.equal (driven.Handle(pingWith [ 1; 2 ])) SwimError.None "the packet is good"
            Expect.equal driven.Calls [ Offered(two, 1); Offered(two, 2); ack ] "the rest is as ever"
            Expect.equal driven.Driver.State.Broadcasts.Count 0 "not disseminated"

        testCase "R9.5 a handler that throws counts as Invalid, and is told of its failure"
        <| fun () ->
            let driven = member' ()

            driven.Handler.OnOffer <-
                fun payload -> if payload.Length = 2 then invalidOp "The handler failed." else Stale

            Expect.equal (driven.Handle(pingWith [ 1; 2; 3 ])) SwimError.CustomBroadcast "invalid"

            let expected = [ Offered(two, 1); Offered(two, 2); OfferFailed "The handler failed."; ack ]

            Expect.equal driven.Calls expected "and the packet is answered"

        testCase "R9.5 a key that throws counts as Invalid, and leaves the backlog as it was"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            core.Step(BroadcastAccepted(topic 1, Given.payload 5)) |> ignore
            let driven = driveFrom core
            driven.Handler.OnOffer <- fun payload -> Fresh(FailingKey(), payload)
            Expect.equal (driven.Handle(pingWith [ 1; 2 ])) SwimError.CustomBroadcast "invalid"
            Expect.equal driven.Calls [ Offered(two, 1); OfferFailed "The key failed."; ack ] "answered"
            Expect.equal driven.Driver.State.Broadcasts.Count 1 "the one from before"
    ]

/// A member that has a reply pending, as one that was restored from such a state.
let private withPendingReply () =
    let core = Given.knowingAlive [ 2 ]
    core.Step(pingWith [ 1 ]) |> ignore
    driveFrom core

let private errorOrderTests =
    [
        testCase "an error of the packet's effects wins over an invalid item"
        <| fun () ->
            let driven = withPendingReply ()
            driven.Handler.OnSend <- fun _ -> SwimError.Encode
            driven.Handler.OnOffer <- fun _ -> Invalid
            Expect.equal (driven.Handle(pingWith [ 7 ])) SwimError.Encode "that of the reply that waited"
            Expect.equal driven.Calls [ ack; Offered(two, 7); ack ] "all three were tried"

        testCase "an invalid item wins over an error of the answer"
        <| fun () ->
            let driven = member' ()
            driven.Handler.OnSend <- fun _ -> SwimError.Encode
            driven.Handler.OnOffer <- fun _ -> Invalid
            Expect.equal (driven.Handle(pingWith [ 7 ])) SwimError.CustomBroadcast "which came first"

        testCase "an error of the answer is returned if nothing else went wrong"
        <| fun () ->
            let driven = member' ()
            driven.Handler.OnSend <- fun _ -> SwimError.Encode
            Expect.equal (driven.Handle(pingWith [ 7 ])) SwimError.Encode "of the Ack"
    ]

/// Rules whose sizes fail for an Ack: those of an identity that cannot be written.
let private failingAtAck () =
    let headerSize (header: PacketHeader<TestId>) =
        if header.Kind = MessageKind.Ack then
            invalidOp "The size failed."

        if header.NamesMember then 28 else 20

    { Given.rules Given.simple with
        Sizes = TestId.sizesWith headerSize (fun _ -> 8)
    }

let private failureTests =
    [
        testCase "R9.6 an exception while the packet is answered undoes the whole packet"
        <| fun () ->
            let driven = drive (failingAtAck ()) (Given.knowingAlive [ 2 ]).State
            driven.Observe "a" |> ignore
            driven.Observe "b" |> ignore
            driven.Handler.OnOffer <- fun payload -> Fresh(topic 1, payload)
            let before = driven.Driver.State

            let packet =
                Given.packet two 0us Given.me (Message.ping 1u) [ Given.alive 9 ] [ Given.payload 1 ]

            Expect.throwsT<InvalidOperationException>
                (fun () -> driven.Handle(PacketReceived packet) |> ignore)
                "the exception passes through"

            Expect.isTrue (obj.ReferenceEquals(driven.Driver.State, before)) "the state before the packet"
            let told = driven.Calls |> List.skip (driven.Calls.Length - 4)

            Expect.equal
                told
                [ Stepping "a"; Stepping "b"; RolledBack "a"; RolledBack "b" ]
                "the observers are told, instead of a step"

            Expect.equal (driven.Handle GossipNow) SwimError.None "a later event is not affected"

            Expect.equal
                (Seq.last driven.Log)
                (Sent(two, MessageKind.Gossip))
                "and the reply is not tried again"

        testCase "an exception in the step of an event leaves the state as it was"
        <| fun () ->
            let driven = drive (failingAtAck ()) (Given.knowingAlive [ 2 ]).State
            driven.Observe "a" |> ignore
            let before = driven.Driver.State
            let event = Given.fromWith [ Given.alive 9 ] two (Message.ping 1u)

            Expect.throwsT<InvalidOperationException>
                (fun () -> driven.Handle event |> ignore)
                "the exception passes through"

            Expect.isTrue (obj.ReferenceEquals(driven.Driver.State, before)) "the state before the event"
            Expect.equal driven.Calls [ Stepping "a" ] "no step was taken, and no effect carried out"
            Expect.equal (driven.Handle GossipNow) SwimError.None "a later event is not affected"
    ]

let private observerTests =
    [
        testCase "every observer sees every step once, in turn, before its effects are carried out"
        <| fun () ->
            let driven = member' ()
            let first = driven.Observe "a"
            let second = driven.Observe "b"
            driven.Handler.OnOffer <- fun payload -> Fresh(topic 1, payload)
            let start = driven.Driver.State
            driven.Handle(pingWith [ 1 ]) |> ignore

            let step event = [ Stepping "a"; Stepping "b"; Stepped("a", event); Stepped("b", event) ]

            let expected =
                step "PacketReceived"
                @ [ Offered(two, 1) ]
                @ step "BroadcastAccepted"
                @ step "BroadcastsHandled"
                @ [ ack ]

            Expect.equal driven.Calls expected "three steps"

            for observer in [ first; second ] do
                let mutable last = start

                for struct (before, after) in observer.Steps do
                    Expect.isTrue (obj.ReferenceEquals(before, last)) "each begins where the last ended"
                    last <- after

                Expect.isTrue (obj.ReferenceEquals(driven.Driver.State, last)) "as does the next"

        testCase "an observer sees the steps from when it is added"
        <| fun () ->
            let driven = member' ()
            driven.Handle GossipNow |> ignore
            driven.Log.Clear()
            driven.Observe "late" |> ignore
            driven.Handle GossipNow |> ignore

            Expect.equal
                driven.Calls
                [ Stepping "late"; Stepped("late", "GossipNow"); Sent(two, MessageKind.Gossip) ]
                "one step"

        testCase "observers wrap the rules, each those of the one before"
        <| fun () ->
            let driven = member' ()
            let asked = ResizeArray<string>()

            let listening name (rules: Rules<TestId>) =
                { rules with
                    AcceptsBroadcasts =
                        fun identity ->
                            asked.Add name
                            rules.AcceptsBroadcasts identity
                }

            for name in [ "a"; "b" ] do
                driven.Driver.Observe(LoggingObserver(name, driven.Log, Wrap = listening name))

            driven.Handler.OnOffer <- fun payload -> Fresh(topic 1, payload)
            driven.Handle(pingWith [ 1 ]) |> ignore

            Expect.equal
                (List.ofSeq asked)
                [ "b"; "a" ]
                "the outer one is asked first, and asks the inner one"

            driven.Driver.Rules.AcceptsBroadcasts two |> ignore
            Expect.equal asked.Count 4 "the rules of the driver are the wrapped ones"
    ]

let private configTests =
    [
        testCase "R10.2 SetConfig changes the parameters of the next step, and tells the observers"
        <| fun () ->
            let driven = driveFrom (Given.knowingAlive [ 2; 3; 4 ])
            let filter: TestId -> bool = fun _ -> false

            let wrapper =
                LoggingObserver(
                    "a",
                    driven.Log,
                    Wrap = fun rules -> { rules with AcceptsBroadcasts = filter }
                )

            driven.Driver.Observe wrapper
            driven.Observe "b" |> ignore
            let config = { Given.simple with IndirectProbes = 1 }
            Expect.equal (driven.Driver.SetConfig config) SwimError.None "it may change"

            Expect.equal
                driven.Calls
                [ ConfigChanged("a", config); ConfigChanged("b", config) ]
                "both are told"

            Expect.equal driven.Driver.Rules.Config config "it has changed"

            Expect.isTrue
                (obj.ReferenceEquals(driven.Driver.Rules.AcceptsBroadcasts, filter))
                "all else is as it was"

            driven.Handle GossipNow |> ignore
            Expect.equal driven.Handler.Packets.Count 1 "to one member now, not three"

        testCase "R10.2 SetConfig answers InvalidConfig to what needs a new member, and changes nothing"
        <| fun () ->
            let driven = member' ()
            driven.Observe "a" |> ignore
            let rules = driven.Driver.Rules
            let config = { Given.simple with ProbePeriod = TimeSpan.FromSeconds 77.0 }
            Expect.equal (driven.Driver.SetConfig config) SwimError.InvalidConfig "the probe cycle is fixed"
            Expect.isTrue (obj.ReferenceEquals(driven.Driver.Rules, rules)) "the rules"
            Expect.isEmpty driven.Calls "and no observer is told"
    ]

let tests =
    testList
        "Driving a member"
        (effectTests @ offerTests @ errorOrderTests @ failureTests @ observerTests @ configTests)
