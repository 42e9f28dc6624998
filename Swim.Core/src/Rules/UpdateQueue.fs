namespace Swim.Core

open Swim

/// The backlogs (R3.1, R8.7): updates and custom broadcasts that wait to be sent.
[<RequireQualifiedAccess>]
module internal UpdateQueue =

    /// The slot of the update about the address of `identity`, or -1. It is `likely`, or found by a search.
    let slotOf (step: StepContext<'Id>) (identity: 'Id) likely : int =
        let updates = step.State.Updates

        if updates.Count = 0 then
            -1
        elif
            likely >= 0
            && likely < updates.Count
            && step.Identities.SameAddress(updates.Entries[likely].Item.Identity, identity)
        then
            likely
        else
            updates.Index
            |> HashIndex.findWhere (step.Identities.AddressHash identity) (fun slot ->
                step.Identities.SameAddress(updates.Entries[slot].Item.Identity, identity))

    /// R3.1: queues an update with a fresh budget, in place of any about the same address, which most likely
    /// waits at `likely`. Returns its slot.
    let enqueue (step: StepContext<'Id>) (record: inref<MemberRecord<'Id>>) likely : int =
        let size = step.Rules.Sizes.MemberSize &record
        let transmissions = step.Transmissions
        let slot = slotOf step record.Identity likely

        if slot >= 0 then
            step.SetUpdates(Backlog.replaceAt step.Owner slot record size transmissions step.State.Updates)
            slot
        else
            let hash = step.Identities.AddressHash record.Identity
            let added = step.State.Updates.Count
            step.SetUpdates(Backlog.add step.Owner record hash size transmissions step.State.Updates)
            added

    /// R3.1, for an update about an address without a row in the table.
    let enqueueUpdate (step: StepContext<'Id>) (record: MemberRecord<'Id>) : unit =
        enqueue step &record -1 |> ignore

    /// Withdraws the update about exactly this identity (R12.5).
    let withdrawUpdate (step: StepContext<'Id>) (identity: 'Id) : unit =
        let slot = slotOf step identity -1

        if
            slot >= 0
            && step.Identities.SameIdentity(step.State.Updates.Entries[slot].Item.Identity, identity)
        then
            step.SetUpdates(Backlog.removeAt step.Owner slot step.State.Updates)

    /// R8.7: queues a new item, and removes those that its key invalidates. The cost is linear in the items that
    /// wait, as only the keys know what they invalidate.
    let enqueueBroadcast (step: StepContext<'Id>) (key: BroadcastKey) (payload: Payload) : unit =
        for slot in step.State.Broadcasts.Count - 1 .. -1 .. 0 do
            if key.Invalidates step.State.Broadcasts.Entries[slot].Item.Key then
                step.SetBroadcasts(Backlog.removeAt step.Owner slot step.State.Broadcasts)

        let item = { Key = key; Payload = payload }

        // Broadcasts have no address to hash: a draw spreads them over the index, which finds a slot again.
        step.SetBroadcasts(
            Backlog.add
                step.Owner
                item
                (int (RandomGenerator.next &step.Random))
                payload.Length
                step.Transmissions
                step.State.Broadcasts
        )
