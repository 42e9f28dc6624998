/// Random scenarios for small clusters.
module Swim.Simulation.Tests.Scenarios

open Swim
open Swim.Simulation

let private runOn (scheme: IdentityScheme<'Id>) (protocol: IProtocol) scenario seed =
    let options: RunOptions<'Id> =
        {
            Scheme = scheme
            Stepper = protocol.Stepper()
            Observer = None
            Checks = true
            Settles = true
            // Mostly as soon as it is calm; one in four times whatever may still come is waited for.
            JudgesWhenCalm = seed % 4UL <> 0UL
        }

    Run.scenario options scenario seed

/// Runs a trial with its first seed that fails, or with its last.
let run (protocol: IProtocol) (trial: Trial) : RunResult =
    let one seed =
        match trial.Identities with
        | Renewing -> runOn IdentityScheme.node protocol trial.Scenario seed
        | Mixed -> runOn MixedIdentity.scheme protocol trial.Scenario seed

    let rec from seed triesLeft =
        let result = one seed

        if result.Failures.IsEmpty && triesLeft > 1 then
            from (seed + 1UL) (triesLeft - 1)
        else
            result

    from trial.Seed trial.Tries

let private wrong (result: RunResult) : string option =
    match result.Failures with
    | [] -> None
    | failures ->
        let failures = failures |> List.truncate 10 |> List.map string |> String.concat "\n"
        Some $"With seed {result.Seed}:\n{failures}"

/// Looks for a scenario that breaks something. `seen` is told of each run.
let search (protocol: IProtocol) (seen: RunResult -> unit) : Search<Trial> =
    {
        Name = "scenarios"
        Cases = AnyScenario.any
        Print = AnyScenario.print
        Check =
            fun trial ->
                let result = run protocol trial
                seen result
                wrong result
    }
