namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// Checks that no live member is suspected or declared Down, from the time on that the cluster was calm on a
/// good network. Before that it checks nothing: suspicions from the time of the faults may still arrive.
[<Sealed>]
type Accuracy<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>(scheme: IdentityScheme<'Id>) =

    let failures = List<Failure>()
    let mutable nodes: Node<'Id>[] = [||]

    let report (time: int64) (reporter: Node<'Id>) (identity: 'Id) what =
        let subject = scheme.NodeOf identity

        if
            subject >= 1
            && subject <= nodes.Length
            && Verdict.isLive nodes[subject - 1]
            && nodes[subject - 1].State.Identity = identity
        then
            failures.Add
                {
                    Property = "Accuracy"
                    At = TimeSpan.FromTicks time
                    Node = reporter.Number
                    Detail = $"{identity} is live and can be reached, but is {what}."
                }

    /// The failures so far.
    member _.Failures = failures :> IReadOnlyList<Failure>

    /// Begins to check these members.
    member _.Begin(members: Node<'Id>[]) : unit = nodes <- members

    /// A member took a step.
    member _.Stepped(time: int64, node: Node<'Id>, effects: Effects<'Id>) : unit =
        // The view of a member that left or was declared Down for good does not matter.
        if nodes.Length > 0 && Verdict.isLive node then
            for index in 0 .. effects.Count - 1 do
                match effects[index] with
                | Schedule(ChangeSuspectToDown(suspect, _, _, _), _) -> report time node suspect "suspected"
                | Notify event when event.Kind = SwimEventKind.MemberDown ->
                    report time node event.Identity "declared Down"
                | _ -> ()
