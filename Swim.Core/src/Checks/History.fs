namespace Swim.Core

open Swim

open System.Collections.Generic

/// An identity as the key of a dictionary.
[<Struct; NoEquality; NoComparison>]
type internal Key<'Id> = { Id: 'Id }

[<RequireQualifiedAccess>]
module internal Key =

    /// Each identity is a key of its own.
    let byIdentity (identities: IIdentityOperations<'Id>) =
        { new IEqualityComparer<Key<'Id>> with
            member _.Equals(left, right) = identities.SameIdentity(left.Id, right.Id)
            member _.GetHashCode key = identities.AddressHash key.Id
        }

    /// All identities at one address are one key.
    let byAddress (identities: IIdentityOperations<'Id>) =
        { new IEqualityComparer<Key<'Id>> with
            member _.Equals(left, right) = identities.SameAddress(left.Id, right.Id)
            member _.GetHashCode key = identities.AddressHash key.Id
        }

/// What an observer of one member remembers of its steps so far, beyond what the member itself keeps: the timers
/// that are pending, the addresses that are up by its events, and the highest incarnations received. Only the
/// invariants need it; the protocol does not.
[<Sealed>]
type History<'Id when 'Id: equality>(identities: IIdentityOperations<'Id>) =

    // By the incarnation, and by the confirmations that the timer waits for.
    let suspicionTimers =
        Dictionary<Key<'Id>, ResizeArray<struct (uint16 * int)>>(Key.byIdentity identities)

    let removalTimers = Dictionary<Key<'Id>, ResizeArray<uint16>>(Key.byIdentity identities)
    let tombstoneTimers = HashSet<uint64>()
    let probeTimers = ResizeArray<uint64>()
    let announceDownTimers = ResizeArray<uint64>()
    let up = HashSet<Key<'Id>>(Key.byAddress identities)
    let received = Dictionary<Key<'Id>, uint16>(Key.byIdentity identities)
    let nackTimers = Dictionary<Key<'Id>, ResizeArray<uint32>>(Key.byIdentity identities)
    let questionTimers = HashSet<uint64>()
    let mutable renewalTimers = 0
    let mutable reminderTimers = 0
    let mutable misnotified = false

    let key identity : Key<'Id> = { Id = identity }

    // The timers about one identity.
    let add (timers: Dictionary<Key<'Id>, ResizeArray<'Timer>>) identity (timer: 'Timer) =
        if not (timers.ContainsKey(key identity)) then
            timers[key identity] <- ResizeArray()

        timers[key identity].Add timer

    let remove (timers: Dictionary<Key<'Id>, ResizeArray<'Timer>>) identity (timer: 'Timer) =
        match timers.TryGetValue(key identity) with
        | true, pending -> pending.Remove timer |> ignore
        | _ -> ()

    let has (timers: Dictionary<Key<'Id>, ResizeArray<'Timer>>) identity (timer: 'Timer) =
        match timers.TryGetValue(key identity) with
        | true, pending -> pending.Contains timer
        | _ -> false

    let hear (record: MemberRecord<'Id>) =
        match received.TryGetValue(key record.Identity) with
        | true, highest when highest >= record.Incarnation -> ()
        | _ -> received[key record.Identity] <- record.Incarnation

    let hearAll (records: System.ArraySegment<MemberRecord<'Id>>) =
        for index in 0 .. records.Count - 1 do
            hear records[index]

    let count (timers: ResizeArray<uint64>) (token: uint64) =
        let mutable found = 0

        for index in 0 .. timers.Count - 1 do
            if timers[index] = token then
                found <- found + 1

        found

    let scheduled (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token -> probeTimers.Add token
        | PeriodicAnnounceDown token -> announceDownTimers.Add token
        | RemoveTombstone sequence -> tombstoneTimers.Add sequence |> ignore
        | RemoveDown(identity, incarnation) -> add removalTimers identity incarnation
        | ChangeSuspectToDown(suspect, incarnation, confirmations, _) ->
            add suspicionTimers suspect (struct (incarnation, confirmations))
        | ResetRenewals -> renewalTimers <- renewalTimers + 1
        | ResetReminders -> reminderTimers <- reminderTimers + 1
        | SendNack(origin, number) -> add nackTimers origin number
        | AskDown sequence -> questionTimers.Add sequence |> ignore
        | _ -> ()

    let fired (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token -> probeTimers.Remove token |> ignore
        | PeriodicAnnounceDown token -> announceDownTimers.Remove token |> ignore
        | RemoveTombstone sequence -> tombstoneTimers.Remove sequence |> ignore
        | RemoveDown(identity, incarnation) -> remove removalTimers identity incarnation
        | ChangeSuspectToDown(suspect, incarnation, confirmations, _) ->
            remove suspicionTimers suspect (struct (incarnation, confirmations))
        | ResetRenewals -> renewalTimers <- max 0 (renewalTimers - 1)
        | ResetReminders -> reminderTimers <- max 0 (reminderTimers - 1)
        | SendNack(origin, number) -> remove nackTimers origin number
        | AskDown sequence -> questionTimers.Remove sequence |> ignore
        | _ -> ()

    let notified (event: SwimEvent<'Id>) =
        // R13.2: we set the highest incarnation ourselves, for identities at our address.
        if event.Cause = ChangeCause.IdentityChange && event.HasAfter && event.After.HasLeft then
            hear event.After

        match event.Kind with
        | SwimEventKind.MemberUp ->
            if not (up.Add(key event.Identity)) then
                misnotified <- true
        | SwimEventKind.MemberDown ->
            if not (up.Remove(key event.Identity)) then
                misnotified <- true
        | _ -> ()

    /// Observes a step, before its invariants are checked.
    member _.Observe(event: Event<'Id>, effects: Effects<'Id>) : unit =
        match event with
        | PacketReceived packet ->
            hear (MemberRecord.alive packet.Header.Source packet.Header.SourceIncarnation)
            hearAll packet.Updates
        | ApplyMany(updates, _) -> hearAll updates
        | TimerFired timer -> fired timer
        | _ -> ()

        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Schedule(timer, _) -> scheduled timer
            | Notify event -> notified event
            | _ -> ()

    /// Continues from a state whose earlier steps were not observed: as much of their history as the invariants
    /// imply. For a history that has observed nothing.
    member _.Resume(state: State<'Id>) : unit =
        if state.Connection = ConnectionState.Active then
            probeTimers.Add state.Token

        if state.AnnouncesToDown then
            announceDownTimers.Add state.Token

        for stone in (Checkpoint.ofState state).Tombstones do
            tombstoneTimers.Add stone.Sequence |> ignore

        for position in 0 .. state.Members.Count - 1 do
            let row = state.Members.Rows[position]
            let record = Row.record &row
            hear record

            match record.Status with
            | MemberStatus.Suspect ->
                scheduled (
                    ChangeSuspectToDown(
                        record.Identity,
                        record.Incarnation,
                        Suspicion.pending row.Suspicion,
                        state.Token
                    )
                )
            | MemberStatus.Down -> scheduled (RemoveDown(record.Identity, record.Incarnation))
            | _ -> ()

            if MemberRecord.isActive record then
                up.Add(key record.Identity) |> ignore

        if state.Claims.Renewals > 0 then
            scheduled ResetRenewals

        if not state.Claims.Reminded.IsEmpty then
            scheduled ResetReminders

        for helped in state.Health.Helped do
            scheduled (SendNack(helped.Origin, helped.Number))

        if state.DownQuestions.IsPending then
            scheduled (AskDown state.DownQuestions.Sequence)

        // A probe that fails makes its target Suspect with the incarnation that it had before.
        ValueOption.iter hear state.Probe.Target

    /// Whether MemberUp and MemberDown alternated for every address so far (R3.3).
    member _.NotifiedInTurn = not misnotified

    /// The number of addresses that were notified as up and not as down since.
    member _.UpCount = up.Count

    /// Whether the address of this identity was notified as up and not as down since.
    member _.IsUp(identity: 'Id) = up.Contains(key identity)

    /// The highest incarnation that was received for this identity, if any was.
    member _.HighestReceived(identity: 'Id) : uint16 voption =
        match received.TryGetValue(key identity) with
        | true, highest -> ValueSome highest
        | _ -> ValueNone

    /// Whether a suspicion of this identity and incarnation has a pending timer that waits for so many confirmations.
    member _.HasSuspicionTimer(identity: 'Id, incarnation: uint16, confirmations: int) =
        has suspicionTimers identity (struct (incarnation, confirmations))

    /// Whether the removal of this identity, Down at that incarnation, has a pending timer.
    member _.HasRemovalTimer(identity: 'Id, incarnation: uint16) = has removalTimers identity incarnation

    /// Whether a timer that resets the renewals is pending.
    member _.HasRenewalTimer = renewalTimers > 0

    /// Whether a timer that ends the help for this probe is pending.
    member _.HasNackTimer(origin: 'Id, number: uint32) = has nackTimers origin number

    /// Whether the timer with this number, which asks Down members, is pending.
    member _.HasQuestionTimer(sequence: uint64) = questionTimers.Contains sequence

    /// Whether a timer that resets the reminders is pending.
    member _.HasReminderTimer = reminderTimers > 0

    /// Whether the tombstone with this number has a pending timer.
    member _.HasTombstoneTimer(sequence: uint64) = tombstoneTimers.Contains sequence

    /// The number of pending timers of the probe cycle with this token.
    member _.ProbeTimers(token: uint64) = count probeTimers token

    /// The number of pending timers of announcing to Down members with this token.
    member _.AnnounceDownTimers(token: uint64) = count announceDownTimers token
