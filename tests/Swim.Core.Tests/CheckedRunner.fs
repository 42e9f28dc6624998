namespace Swim.Core.Tests

open Expecto
open Swim.Core

/// Has a driver take its steps by a `CheckedMember`, so that each of them is held against all checks.
[<Sealed>]
type CheckedRunner(core: CheckedMember) =
    inherit StepRunner<TestId>()

    override _.Step(rules, state, event) =
        if not (obj.ReferenceEquals(state, core.State)) then
            failtest "The driver does not continue from the state after the last step."

        core.Rules <- rules
        let effects = core.Take event
        struct (core.State, effects)
