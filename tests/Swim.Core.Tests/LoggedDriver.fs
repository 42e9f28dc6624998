/// A driver whose handler and observers keep one log, for tests.
module internal Swim.Core.Tests.LoggedDriver

open System
open Expecto
open Swim
open Swim.Core

/// What the driver asked of the handler and told its observers, in one log.
type Call =
    | Sent of TestId * MessageKind
    | Scheduled of Timer<TestId> * TimeSpan
    | Notified of SwimEventKind * TestId
    | Offered of sender: TestId * length: int
    | OfferFailed of message: string
    | Stepping of observer: string
    | Stepped of observer: string * event: string
    | RolledBack of observer: string
    | ConfigChanged of observer: string * SwimConfig

/// Keeps a log, and answers as the test says.
type LoggingHandler(log: ResizeArray<Call>) =

    /// The packets that were sent, whole.
    member val Packets = ResizeArray<Packet<TestId>>()

    /// The answer to each packet: by default, all is well.
    member val OnSend: Packet<TestId> -> SwimError = (fun _ -> SwimError.None) with get, set

    /// The answer to each item: by default, it is not new.
    member val OnOffer: Payload -> OfferAnswer = (fun _ -> Stale) with get, set

    interface IEffectHandler<TestId> with
        member handler.Send packet =
            log.Add(Sent(packet.Header.Destination, packet.Header.Kind))
            handler.Packets.Add packet
            handler.OnSend packet

        member _.Schedule(timer, after) = log.Add(Scheduled(timer, after))
        member _.Notify event = log.Add(Notified(event.Kind, event.Identity))

        member handler.Offer(sender, payload) =
            log.Add(Offered(sender, payload.Length))
            handler.OnOffer payload

        member _.OfferFailed failure = log.Add(OfferFailed failure.Message)

let nameOf (event: Event<TestId>) =
    match event with
    | PacketReceived _ -> "PacketReceived"
    | BroadcastAccepted _ -> "BroadcastAccepted"
    | BroadcastsHandled -> "BroadcastsHandled"
    | GossipNow -> "GossipNow"
    | other -> failtestf "%A" other

/// Writes to the same log as the handler, under its name.
type LoggingObserver(name: string, log: ResizeArray<Call>) =

    /// The states before and after each step.
    member val Steps = ResizeArray<struct (State<TestId> * State<TestId>)>()

    /// How it wraps the rules: by default, not at all.
    member val Wrap: Rules<TestId> -> Rules<TestId> = id with get, set

    interface IStepObserver<TestId> with
        member observer.Observe rules = observer.Wrap rules
        member _.Stepping() = log.Add(Stepping name)

        member observer.Stepped(before, event, after, _) =
            log.Add(Stepped(name, nameOf event))
            observer.Steps.Add(struct (before, after))

        member _.RolledBack() = log.Add(RolledBack name)
        member _.ConfigChanged config = log.Add(ConfigChanged(name, config))

/// A member that is driven, and all that it asked for.
type Driven =
    {
        Driver: MemberDriver<TestId>
        Handler: LoggingHandler
        Log: ResizeArray<Call>
    }

    member driven.Handle(event: Event<TestId>) : SwimError = driven.Driver.Handle &event
    member driven.Calls = List.ofSeq driven.Log

    member driven.Observe(name: string) : LoggingObserver =
        let observer = LoggingObserver(name, driven.Log)
        driven.Driver.Observe observer
        observer

let drive rules state : Driven =
    let log = ResizeArray<Call>()
    let handler = LoggingHandler log

    {
        Driver = MemberDriver(rules, state, StepRunner(), handler)
        Handler = handler
        Log = log
    }

let driveFrom (core: CheckedMember) : Driven = drive core.Rules core.State

let two = Given.peer 2
let ack = Sent(two, MessageKind.Ack)

/// A member that knows 2.
let member' () = driveFrom (Given.knowingAlive [ 2 ])

/// A Ping of 2 with items of these lengths, which tell them apart.
let pingWith (lengths: int list) =
    PacketReceived(Given.packet two 0us Given.me (Message.ping 1u) [] (List.map Given.payload lengths))

let topic version = TopicKey("topic", version)

/// A key of the user that fails.
type FailingKey() =
    inherit BroadcastKey()
    override _.Invalidates _ = invalidOp "The key failed."

let isOffer call =
    match call with
    | Offered _ -> true
    | _ -> false
