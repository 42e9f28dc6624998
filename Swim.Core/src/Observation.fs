namespace Swim.Core

/// One step as an observer sees it. `History` has taken the step in already.
[<NoEquality; NoComparison>]
type Observation<'Id when 'Id: equality> =
    {
        Rules: Rules<'Id>
        Before: State<'Id>
        Event: Event<'Id>
        After: State<'Id>
        Effects: Effects<'Id>
        History: History<'Id>
    }

/// Something that holds after every step of every member.
[<NoEquality; NoComparison>]
type Invariant<'Id when 'Id: equality> =
    {
        /// The name, the same in the TLA+ specification where it is stated there.
        Name: string
        /// The rule that it guards.
        Rule: string
        /// Whether it holds.
        Holds: Observation<'Id> -> bool
    }

/// Short words for what is often looked at.
[<RequireQualifiedAccess>]
module internal Observation =

    let records (seen: Observation<'Id>) = State.allMembers seen.After

    let packets (seen: Observation<'Id>) =
        seen.Effects
        |> Seq.choose (function
            | Send packet -> Some packet
            | _ -> None)

    let same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)
