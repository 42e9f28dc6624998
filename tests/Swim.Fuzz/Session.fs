namespace Swim.Fuzz

open System
open System.Collections.Generic
open System.Runtime.ExceptionServices
open Swim
open Swim.Core

/// A custom broadcast of the fuzzers: of two with the same topic the later takes the place of the earlier.
[<Sealed>]
type internal Topic(name: byte) =
    inherit BroadcastKey()
    member _.Name = name

    override _.Invalidates(other: BroadcastKey) =
        match other with
        | :? Topic as other -> other.Name = name
        | _ -> false

/// Carries out the effects of a member under test: keeps its timers, and accepts some custom broadcasts. Whether the
/// packets can be sent is a check of every step.
[<Sealed>]
type internal SessionHandler() =

    /// A packet can hold thousands of items, and every check runs after each item that is accepted. The fifth is
    /// invalid, which ends the offers (R9.5).
    static let mostOffers = 4

    let timers = List<Timer<NodeIdentity>>()
    let mutable offers = 0

    /// The timers that the member asked for, in order.
    member _.Timers = timers :> IReadOnlyList<Timer<NodeIdentity>>

    interface IEffectHandler<NodeIdentity> with
        member _.Send _ = SwimError.None
        member _.Schedule(timer, _) = timers.Add timer
        member _.Notify _ = ()

        member _.Offer(_, payload) =
            offers <- offers + 1
            let first = payload.Span[0]

            if offers > mostOffers then
                Invalid
            elif first % 2uy = 0uy then
                Fresh(Topic first, ReadOnlyMemory(payload.ToArray()))
            else
                Stale

        // The handler does not throw: what the driver caught is the fault that a check found in the step of an item.
        member _.OfferFailed failure = ExceptionDispatchInfo.Throw failure

/// One member that is driven as a host drives it, each of its steps under every check. `past` is the steps that led
/// to the state that it starts from.
[<Sealed>]
type internal Session
    (
        runner: StepRunner<NodeIdentity>,
        rules: Rules<NodeIdentity>,
        outgoing: Outgoing,
        start: State<NodeIdentity>,
        past: IReadOnlyList<Taken>
    ) =

    let handler = SessionHandler()
    let checkedRunner = CheckedRunner(runner, rules, outgoing, past)
    let driver = MemberDriver(rules, start, checkedRunner, handler)

    member _.State = driver.State

    /// The steps of this session, in order.
    member _.Taken = checkedRunner.Taken

    /// The timers that the member asked for in this session, in order.
    member _.Timers = handler.Timers

    /// Takes the steps that an event causes; the first error that they reported.
    member _.Handle(event: Event<NodeIdentity>) : SwimError = driver.Handle &event
