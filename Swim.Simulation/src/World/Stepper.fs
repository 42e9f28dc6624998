namespace Swim.Simulation

open System.Threading
open Swim
open Swim.Core

/// How members take a step: `Protocol.step`, or a variant of it that a test wraps around it.
[<AbstractClass>]
type Stepper<'Id when 'Id: equality>() =
    /// The state after an event, and the effects.
    abstract Invoke: Rules<'Id> * State<'Id> * Event<'Id> -> struct (State<'Id> * Effects<'Id>)

/// The protocol as it is.
[<Sealed>]
type ProtocolStepper<'Id when 'Id: equality>() =
    inherit Stepper<'Id>()

    // Runs on several threads share one stepper, and a runner is for one thread.
    let runner = new ThreadLocal<StepRunner<'Id>>(fun () -> StepRunner<'Id>())

    override _.Invoke(rules, state, event) = runner.Value.Step(rules, state, &event)
