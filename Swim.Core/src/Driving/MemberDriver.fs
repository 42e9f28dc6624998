namespace Swim.Core

open Swim

/// One running member: takes a step for each event, has its effects carried out, and holds the broadcast handshake
/// (R9.5, R9.6). It does no I/O: the instance, the simulator, the fuzzer and the tests all drive a member by it, each
/// with an effect handler of its own. For one thread at a time, but `State` may be read on any.
[<Sealed>]
type MemberDriver<'Id when 'Id: equality>
    (startRules: Rules<'Id>, start: State<'Id>, runner: StepRunner<'Id>, handler: IEffectHandler<'Id>) =

    let mutable rules = startRules
    let mutable observers: IStepObserver<'Id>[] = [||]

    [<VolatileField>]
    let mutable state = start

    let first (earlier: SwimError) (later: SwimError) = if earlier = SwimError.None then later else earlier

    /// The state after the last step.
    member _.State = state

    /// The rules of the next step.
    member _.Rules = rules

    /// Has an observer see every step from now on.
    member _.Observe(observer: IStepObserver<'Id>) : unit =
        rules <- observer.Observe rules
        observers <- Array.append observers [| observer |]

    member private _.TakeStep(event: inref<Event<'Id>>) : Effects<'Id> =
        for observer in observers do
            observer.Stepping()

        let before = state
        let struct (after, effects) = runner.Step(rules, before, &event)

        // Most steps change nothing.
        if not (obj.ReferenceEquals(before, after)) then
            state <- after

        for observer in observers do
            observer.Stepped(before, &event, after, effects)

        effects

    member private _.CarryOut(effect: Effect<'Id>) : SwimError =
        match effect with
        | Send packet -> handler.Send &packet
        | Schedule(timer, after) ->
            handler.Schedule(timer, after)
            SwimError.None
        | Notify event ->
            handler.Notify &event
            SwimError.None
        | Report error -> error
        | OfferBroadcast _ -> SwimError.None

    member private driver.CarryOut(effects: Effects<'Id>) : SwimError =
        let mutable error = SwimError.None

        for index in 0 .. effects.Count - 1 do
            error <- first error (driver.CarryOut effects[index])

        error

    member private driver.Offer(sender: 'Id, payload: Payload) : SwimError =
        try
            match handler.Offer(sender, payload) with
            | Fresh(key, kept) ->
                // An item that no packet of ours has room for is not passed on; the packet is good all the same.
                // Without its type, the compiler makes the value generic and takes the address of its closure.
                let event: Event<'Id> = BroadcastAccepted(key, kept)
                driver.TakeStep &event |> ignore
                SwimError.None
            | Stale -> SwimError.None
            | Invalid -> SwimError.CustomBroadcast
        // What a handler throws at data from the network is the data's fault. Comparing keys is the user's code too.
        with failure ->
            handler.OfferFailed failure
            SwimError.CustomBroadcast

    /// R9.5: offers each item of the packet, up to the first that is invalid.
    member private driver.OfferAll(effects: Effects<'Id>) : SwimError =
        let mutable error = SwimError.None
        let mutable index = 0

        while error = SwimError.None && index < effects.Count do
            match effects[index] with
            | OfferBroadcast(sender, payload) -> error <- driver.Offer(sender, payload)
            | _ -> ()

            index <- index + 1

        error

    /// R9.6: answers the packet. `before` is the state before it came.
    member private driver.Reply(before: State<'Id>) : SwimError =
        let effects =
            try
                let event: Event<'Id> = BroadcastsHandled
                driver.TakeStep &event
            with _ ->
                // A reply that an identity makes impossible must not be tried again at every later event.
                state <- before

                for observer in observers do
                    observer.RolledBack()

                reraise ()

        driver.CarryOut effects

    /// Takes the steps that an event causes, and has their effects carried out. The first error that the steps
    /// reported, or that kept an effect from being carried out; `None` if all went well. What an identity of the
    /// user throws passes through, and leaves the state as it was.
    member driver.Handle(event: inref<Event<'Id>>) : SwimError =
        let before = state
        let effects = driver.TakeStep &event
        let error = driver.CarryOut effects

        if state.PendingReply.IsNone then
            error
        else
            let offered = driver.OfferAll effects
            first error (first offered (driver.Reply before))

    /// R10.2: continues with other parameters; `InvalidConfig`, and nothing changed, if that needs a new member.
    member _.SetConfig(config: SwimConfig) : SwimError =
        match Rules.withConfig config rules with
        | Ok changed ->
            rules <- changed

            for observer in observers do
                observer.ConfigChanged config

            SwimError.None
        | Error error -> error
