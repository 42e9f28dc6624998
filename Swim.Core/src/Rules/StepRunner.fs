namespace Swim.Core

/// Takes the steps of `Protocol.step`, one at a time, and uses its working memory for the next step again. For
/// one thread at a time; identities, keys and filters must not call it back. A test can derive a protocol with a
/// mistake from it.
type StepRunner<'Id when 'Id: equality>() =

    let context = StepContext<'Id>()

    /// What `Protocol.step` answers.
    abstract Step:
        rules: Rules<'Id> * state: State<'Id> * event: inref<Event<'Id>> -> struct (State<'Id> * Effects<'Id>)

    default _.Step(rules, state, event) = Protocol.stepIn context rules state &event
