namespace Swim.Cli.Replay

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// What a member believes about the others and how a step changes that, in words.
[<RequireQualifiedAccess>]
module ViewText =

    // In a larger cluster, only the members that are not Alive are listed.
    [<Literal>]
    let private MostListed = 20

    let private byAddress (state: State<NodeIdentity>) =
        let records = Dictionary<struct (UInt128 * int), MemberRecord<NodeIdentity>>()

        for known in State.allMembers state do
            records[struct (known.Identity.AddressBits, known.Identity.Port)] <- known

        records

    let private recordChanges before after =
        let before = byAddress before
        let after = byAddress after

        [
            for pair in after do
                match before.TryGetValue pair.Key with
                | false, _ -> $"{StepText.record pair.Value}, which is new"
                | true, known when known <> pair.Value ->
                    if known.Identity.Equals pair.Value.Identity then
                        $"{StepText.record pair.Value}, was {known.Status} {known.Incarnation}"
                    else
                        $"{StepText.record pair.Value}, was {StepText.record known}"
                | _ -> ()
            for pair in before do
                if not (after.ContainsKey pair.Key) then
                    $"{pair.Value.Identity} is forgotten"
        ]

    /// The changes of a member's view, in lines.
    let changes (before: State<NodeIdentity>) (after: State<NodeIdentity>) : string list =
        [
            if not (before.Identity.Equals after.Identity) then
                $"is {after.Identity} now, was {before.Identity}"
            elif before.Incarnation <> after.Incarnation then
                $"has incarnation {after.Incarnation} now, had {before.Incarnation}"

            if before.Connection <> after.Connection then
                $"is {after.Connection} now, was {before.Connection}"

            // Most steps change no record: then both states share one table.
            if not (obj.ReferenceEquals(before.Members, after.Members)) then
                yield! recordChanges before after
        ]

    /// Everything that a member believes, in lines.
    let lines (state: State<NodeIdentity>) : string list =
        let records = State.allMembers state |> List.ofSeq

        let count status = records |> List.filter (fun known -> known.Status = status) |> List.length

        let isListed (known: MemberRecord<NodeIdentity>) =
            records.Length <= MostListed || known.Status <> MemberStatus.Alive

        let listed =
            records |> List.filter isListed |> List.sortBy (fun known -> string known.Identity)

        [
            $"{state.Identity} with incarnation {state.Incarnation} is {state.Connection}; of others "
            + $"{count MemberStatus.Alive} Alive, {count MemberStatus.Suspect} Suspect, {count MemberStatus.Down} Down"

            for known in List.truncate MostListed listed do
                $"  {StepText.record known}"

            if listed.Length > MostListed then
                $"  and {listed.Length - MostListed} more that are not Alive"
        ]
