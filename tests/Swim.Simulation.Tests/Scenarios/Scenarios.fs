/// Random scenarios for small clusters.
module Swim.Simulation.Tests.Scenarios

open Swim
open Swim.Simulation

let private runOn (scheme: IdentityScheme<'Id>) (protocol: IProtocol) scenario randomSeed =
    let options: RunOptions<'Id> =
        {
            Scheme = scheme
            Runner = protocol.Runner
            Observer = None
            Checks = true
            Settles = true
            // Waiting for the whole time to settle finds late failures; one run in four does.
            JudgesWhenCalm = randomSeed % 4UL <> 0UL
        }

    Run.scenario options scenario randomSeed

/// Runs a trial with the first of its random seeds that fails, or with the last.
let run (protocol: IProtocol) (trial: Trial) : RunResult =
    let one randomSeed =
        match trial.Identities with
        | Renewing -> runOn IdentityScheme.node protocol trial.Scenario randomSeed
        | Mixed -> runOn MixedIdentity.scheme protocol trial.Scenario randomSeed

    let rec from randomSeed triesLeft =
        let result = one randomSeed

        if result.Failures.IsEmpty && triesLeft > 1 then
            from (randomSeed + 1UL) (triesLeft - 1)
        else
            result

    from trial.RandomSeed trial.Tries

let private describe (result: RunResult) : string option =
    match result.Failures with
    | [] -> None
    | failures ->
        let failures = failures |> List.truncate 10 |> List.map string |> String.concat "\n"
        Some $"With random seed {result.RandomSeed}:\n{failures}"

/// Searches for a scenario with failures. `seen` is called with each run.
let search (protocol: IProtocol) (seen: RunResult -> unit) : Search<Trial> =
    {
        Name = "scenarios"
        Cases = AnyScenario.any
        Print = AnyScenario.print
        Check =
            fun trial ->
                let result = run protocol trial
                seen result
                describe result
    }
