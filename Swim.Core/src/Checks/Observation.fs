namespace Swim.Core

open Swim

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

/// A property that holds after every step of every member.
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

/// Shorthands for the checks. They run after every step of long simulations, so they go through tables with plain
/// loops.
[<RequireQualifiedAccess>]
module internal Observation =

    let same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    /// Whether Down is final in this cluster (R12.8), or can be refuted (R13).
    let downIsFinal (seen: Observation<'Id>) = seen.Rules.Config.DownIsFinal

    /// The record that ends this identity for good (R13.2).
    let departed (seen: Observation<'Id>) (identity: 'Id) : MemberRecord<'Id> =
        MemberRecord.normal (downIsFinal seen) (MemberRecord.left identity)

    /// Whether two records say the same of a member, apart from who raised the suspicion (R14.2).
    let agree (left: MemberRecord<'Id>) (right: MemberRecord<'Id>) =
        { left with Accuser = null } = { right with Accuser = null }

    /// What is remembered of the suspicion of exactly this identity, or null.
    let suspicionOf (seen: Observation<'Id>) (state: State<'Id>) (identity: 'Id) : Suspicion<'Id> =
        let position = MemberTable.findActive seen.Rules.Identities identity state.Members
        if position < 0 then null else state.Members.Rows.Reference(position).Suspicion

    /// Whether the member judged others before the step (R7.5, R14.4).
    let mayJudge (seen: Observation<'Id>) =
        seen.Before.Connection = ConnectionState.Active && not seen.Before.Health.IsImpaired

    /// Whether `holds` is true of all numbers from `first` to `count` - 1.
    let inline forAll first count ([<InlineIfLambda>] holds: int -> bool) : bool =
        let mutable index = first

        while index < count && holds index do
            index <- index + 1

        index >= count

    /// Whether `holds` is true of all records of a table.
    let inline forAllRecords
        (table: MemberTable<'Id>)
        ([<InlineIfLambda>] holds: MemberRecord<'Id> -> bool)
        : bool =
        forAll 0 table.Count (fun position -> holds table[position])

    /// Whether `holds` is true of all updates in the backlog.
    let inline forAllUpdates
        (state: State<'Id>)
        ([<InlineIfLambda>] holds: BacklogEntry<MemberRecord<'Id>> -> bool)
        : bool =
        forAll 0 state.Updates.Count (fun slot -> holds state.Updates.Entries[slot])

    /// Whether `holds` is true of all packets that the step sends.
    let inline forAllPackets (seen: Observation<'Id>) ([<InlineIfLambda>] holds: Packet<'Id> -> bool) : bool =
        forAll 0 seen.Effects.Count (fun index ->
            match seen.Effects[index] with
            | Send packet -> holds packet
            | _ -> true)
