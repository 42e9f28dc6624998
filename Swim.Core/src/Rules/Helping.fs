namespace Swim.Core

open System
open Swim

/// A helper's side of an indirect probe (R7.3, R14.1).
[<RequireQualifiedAccess>]
module internal Helping =

    /// R14.1: how long a helper waits for an answer: no longer than for its own probes, and so that its Nack arrives
    /// before the probe is over.
    let private patience (config: inref<SwimConfig>) : TimeSpan =
        let rest = (config.ProbePeriod - config.ProbeRtt).Ticks / 5L * 4L
        min config.ProbeRtt (TimeSpan.FromTicks(max 1L rest))

    let private isFor (step: StepContext<'Id>) (origin: 'Id) (number: uint32) (helped: HelpedProbe<'Id>) =
        helped.Number = number && step.Identities.SameIdentity(helped.Origin, origin)

    let private forget (step: StepContext<'Id>) (origin: 'Id) (number: uint32) =
        let health = step.State.Health

        step.Change().Health <-
            { health with
                Helped = List.filter (isFor step origin number >> not) health.Helped
            }

    /// Pings the target for a member that asks for it.
    let ping (step: StepContext<'Id>) (origin: 'Id) (target: 'Id) (number: uint32) : unit =
        Sending.sendPing step target (Message.indirectPing origin number)
        let health = step.State.Health

        if
            Health.isOn step
            && List.length health.Helped < LocalHealth.MaxHelped
            && not (List.exists (isFor step origin number) health.Helped)
        then
            let helped = { Origin = origin; Target = target; Number = number }
            step.Change().Health <- { health with Helped = helped :: health.Helped }
            step.Schedule(SendNack(origin, number), patience &step.Rules.Config)

    /// The target answered: the origin is told so, and not that it did not.
    let forward (step: StepContext<'Id>) (target: 'Id) (origin: 'Id) (number: uint32) : unit =
        let isAnswered (helped: HelpedProbe<'Id>) =
            isFor step origin number helped && step.Identities.SameIdentity(helped.Target, target)

        if List.exists isAnswered step.State.Health.Helped then
            forget step origin number

        Sending.send step origin (Message.forwardedAck target number)

    /// The target did not answer in time. A late answer is forwarded all the same.
    let giveUp (step: StepContext<'Id>) (origin: 'Id) (number: uint32) : unit =
        if List.exists (isFor step origin number) step.State.Health.Helped then
            forget step origin number

            if
                step.State.Connection = ConnectionState.Active
                && MemberTable.isActive step.Identities origin step.State.Members
            then
                Sending.send step origin (Message.nack number)
