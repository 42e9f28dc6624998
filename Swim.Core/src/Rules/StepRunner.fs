namespace Swim.Core

/// Takes the steps of `Protocol.step`, one at a time, and reuses its working memory. For one thread at a time;
/// identity operations, keys and filters must not call it back.
[<Sealed>]
type StepRunner<'Id when 'Id: equality>() =

    let context = StepContext<'Id>()

    /// Takes one step, with the result of `Protocol.step`.
    member _.Step
        (rules: Rules<'Id>, state: State<'Id>, event: inref<Event<'Id>>)
        : struct (State<'Id> * Effects<'Id>) =
        Protocol.stepIn context rules state &event
