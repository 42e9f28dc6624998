namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// Sees to it that nobody who takes part is suspected or declared Down, once the cluster was calm on a good
/// network. Before that it says nothing: accusations of the bad times are still on their way.
[<Sealed>]
type Accuracy<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>(scheme: IdentityScheme<'Id>) =

    let failures = List<Failure>()
    let mutable nodes: Node<'Id>[] = [||]

    let accuse (time: int64) (accuser: Node<'Id>) (identity: 'Id) what =
        let accused = scheme.NodeOf identity

        if
            accused >= 1
            && accused <= nodes.Length
            && Verdict.isLive nodes[accused - 1]
            && nodes[accused - 1].State.Identity = identity
        then
            failures.Add
                {
                    Property = "Accuracy"
                    At = TimeSpan.FromTicks time
                    Node = accuser.Number
                    Detail = $"{identity} takes part and can be reached, and is {what}"
                }

    /// What was broken so far.
    member _.Failures = failures :> IReadOnlyList<Failure>

    /// From now on all is expected to be well.
    member _.Begin(members: Node<'Id>[]) : unit = nodes <- members

    member _.Stepped(time: int64, node: Node<'Id>, effects: Effects<'Id>) : unit =
        // Who is out itself may believe what it likes.
        if nodes.Length > 0 && Verdict.isLive node then
            for index in 0 .. effects.Count - 1 do
                match effects[index] with
                | Schedule(ChangeSuspectToDown(suspect, _, _), _) -> accuse time node suspect "suspected"
                | Notify(MemberDown identity) -> accuse time node identity "declared Down"
                | _ -> ()
