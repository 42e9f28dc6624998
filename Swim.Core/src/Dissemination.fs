namespace Swim.Core

open System

/// The backlogs (R3.1, R8.6, R8.7): what enters them, and what a packet takes along.
[<RequireQualifiedAccess>]
module internal Dissemination =

    /// Where the update about the address of `identity` waits, or -1. It is at `likely`, or has to be
    /// searched for.
    let private slotOf (draft: Draft<'Id>) (identity: 'Id) likely : int =
        let updates = draft.Updates

        if updates.Count = 0 then
            -1
        elif
            likely >= 0
            && likely < updates.Count
            && draft.Identities.SameAddress(updates.Entries[likely].Item.Identity, identity)
        then
            likely
        else
            updates.Index
            |> HashIndex.findWhere (draft.Identities.AddressHash identity) (fun slot ->
                draft.Identities.SameAddress(updates.Entries[slot].Item.Identity, identity))

    /// R3.1: the update is to be disseminated, in the place of any about the same address, with a
    /// fresh budget. Answers where it waits; the one before most likely waits at `likely`.
    let enqueue (draft: Draft<'Id>) (record: Member<'Id>) likely : int =
        let size = draft.Rules.Sizes.MemberSize &record
        let transmissions = draft.Config.MaxTransmissions
        let slot = slotOf draft record.Identity likely

        if slot >= 0 then
            draft.Updates <- Backlog.replaceAt draft.Edit slot record size transmissions draft.Updates
            slot
        else
            let hash = draft.Identities.AddressHash record.Identity
            let added = draft.Updates.Count
            draft.Updates <- Backlog.add draft.Edit record hash size transmissions draft.Updates
            added

    /// R3.1, for what has no row in the table.
    let enqueueUpdate (draft: Draft<'Id>) (record: Member<'Id>) : unit = enqueue draft record -1 |> ignore

    /// Takes back what waits about exactly this identity (R12.5).
    let withdrawUpdate (draft: Draft<'Id>) (identity: 'Id) : unit =
        let slot = slotOf draft identity -1

        if
            slot >= 0
            && draft.Identities.SameIdentity(draft.Updates.Entries[slot].Item.Identity, identity)
        then
            draft.Updates <- Backlog.removeAt draft.Edit slot draft.Updates

    /// R8.7: a new broadcast, after those that its key invalidates are gone. Linear in the broadcasts
    /// that wait, as only the keys know what they invalidate.
    let enqueueBroadcast (draft: Draft<'Id>) (key: BroadcastKey) (payload: Payload) : unit =
        for slot in draft.Broadcasts.Count - 1 .. -1 .. 0 do
            if key.Invalidates draft.Broadcasts.Entries[slot].Item.Key then
                draft.Broadcasts <- Backlog.removeAt draft.Edit slot draft.Broadcasts

        let item = { Key = key; Payload = payload }

        // Nobody looks broadcasts up by hash; their length spreads them well enough.
        draft.Broadcasts <-
            Backlog.add
                draft.Edit
                item
                (int (Generator.next &draft.Random))
                payload.Length
                draft.Config.MaxTransmissions
                draft.Broadcasts

    let private segment (items: ResizeArray<'T>) =
        if items.Count = 0 then ArraySegment.Empty else ArraySegment(items.ToArray())

    /// R8.6: the updates for one packet with `room` bytes for them. With `about`, the update about
    /// that record's address goes first, whether it waits in the backlog or not (R12.14).
    let private takeUpdates (draft: Draft<'Id>) (about: Member<'Id> voption) room =
        let chosen = draft.Chosen

        let leading, left =
            match about with
            | ValueNone -> -1, room
            | ValueSome record ->
                let slot = slotOf draft record.Identity -1

                if slot >= 0 && draft.IsSame(draft.Updates.Entries[slot].Item, record) then
                    slot, room
                else
                    let size = draft.Rules.Sizes.MemberSize &record

                    if size <= room then
                        chosen.Add record
                        -1, room - size
                    else
                        -1, room

        let struct (updates, used) = Backlog.fill draft.Edit left 0 leading chosen draft.Updates
        draft.Updates <- updates
        struct (segment chosen, used + room - left)

    /// R8.5: random active members but the receiver, as many as fit.
    let private feed (draft: Draft<'Id>) (receiver: 'Id) room =
        let chosen = draft.Chosen
        let members = draft.Members
        let choice = draft.Choice
        let except = MemberTable.findActive draft.Identities receiver members
        let mutable left = room
        choice.Begin(0, members.ActiveCount, min members.ActiveCount (room / 8))
        let mutable position = choice.Next(&draft.Random)

        while position >= 0 do
            if position = except then
                position <- choice.Next(&draft.Random)
            else
                let record = members[position]
                let size = draft.Rules.Sizes.MemberSize &record

                if size <= left && chosen.Count < int UInt16.MaxValue then
                    chosen.Add record
                    left <- left - size
                    position <- choice.Next(&draft.Random)
                else
                    position <- -1

        struct (segment chosen, room - left)

    let private takeBroadcasts (draft: Draft<'Id>) (receiver: 'Id) room =
        if draft.Broadcasts.Count > 0 && draft.Rules.AcceptsBroadcasts receiver then
            let chosen = ResizeArray()

            let struct (broadcasts, _) =
                Backlog.fill draft.Edit room Rules.BroadcastOverhead -1 chosen draft.Broadcasts

            draft.Broadcasts <- broadcasts
            segment (ResizeArray(Seq.map (fun item -> item.Payload) chosen))
        else
            ArraySegment.Empty

    let private emitPacket (draft: Draft<'Id>) (header: inref<Header<'Id>>) updates broadcasts =
        draft.Emit(Send { Header = header; Updates = updates; Broadcasts = broadcasts })

    let private headerTo (draft: Draft<'Id>) destination message =
        {
            Source = draft.Identity
            SourceIncarnation = draft.Incarnation
            Destination = destination
            Message = message
        }

    /// R8.5, R8.6: sends a message with all that rides along, or not at all if `mayBeEmpty` is false and
    /// nothing does. `about` as in R12.14.
    let private sendAbout
        (draft: Draft<'Id>)
        (about: Member<'Id> voption)
        mayBeEmpty
        destination
        message
        : unit =
        let header = headerTo draft destination message
        let room = draft.Config.MaxPacketSize - draft.Rules.Sizes.HeaderSize &header

        if room < 0 then
            draft.Report SwimError.Encode
        else
            let countSize = if message.IsBroadcast then 0 else Rules.UpdatesOverhead
            let room = room - countSize

            let struct (updates, used) =
                if room <= 0 then
                    struct (ArraySegment.Empty, 0)
                elif message.IsFeed then
                    feed draft destination room
                elif Message.carriesBacklog message && (draft.Updates.Count > 0 || about.IsSome) then
                    takeUpdates draft about room
                else
                    struct (ArraySegment.Empty, 0)

            let broadcasts =
                if room - used > 0 && Message.carriesBroadcasts message then
                    takeBroadcasts draft destination (room - used)
                else
                    ArraySegment.Empty

            if mayBeEmpty || updates.Count + broadcasts.Count > 0 then
                emitPacket draft &header updates broadcasts

    /// Sends a message with all that rides along (R8.5).
    let send (draft: Draft<'Id>) (destination: 'Id) (message: Message<'Id>) : unit =
        // A broadcast whose items do not fit any more has nothing to say.
        sendAbout draft ValueNone (not message.IsBroadcast) destination message

    /// R12.14: a ping of a Suspect member tells it first that it is suspected, so that it can
    /// refute at once.
    let sendPing (draft: Draft<'Id>) (destination: 'Id) (message: Message<'Id>) : unit =
        let about =
            match MemberTable.tryFind draft.Identities destination draft.Members with
            | ValueSome record when
                record.Status = Status.Suspect
                && draft.Identities.SameIdentity(record.Identity, destination)
                ->
                ValueSome record
            | _ -> ValueNone

        sendAbout draft about true destination message

    /// R12.6: what a member that left answers with: its own Down and nothing else.
    let sendOwnDown (draft: Draft<'Id>) (destination: 'Id) : unit =
        let header = headerTo draft destination Gossip
        let record = Member.down draft.Identity

        let size =
            draft.Rules.Sizes.HeaderSize &header
            + Rules.UpdatesOverhead
            + draft.Rules.Sizes.MemberSize &record

        if size <= draft.Config.MaxPacketSize then
            emitPacket draft &header (ArraySegment [| record |]) ArraySegment.Empty
        else
            draft.Report SwimError.Encode

    /// `count` active members, chosen at random, but never `except`.
    let private choose (draft: Draft<'Id>) count (except: 'Id voption) : ResizeArray<'Id> =
        let destinations = ResizeArray<'Id>()
        let members = draft.Members
        let choice = draft.Choice

        let except =
            match except with
            | ValueSome excluded -> MemberTable.findActive draft.Identities excluded members
            | ValueNone -> -1

        choice.Begin(0, members.ActiveCount, count)
        let mutable position = choice.Next(&draft.Random)

        while position >= 0 && destinations.Count < count do
            if position <> except then
                destinations.Add members[position].Identity

            if destinations.Count < count then
                position <- choice.Next(&draft.Random)

        destinations

    /// Sends one message to each of `count` active members, chosen at random, but never to `except`.
    let sendToChosen (draft: Draft<'Id>) count (except: 'Id voption) (message: Message<'Id>) =
        let destinations = choose draft count except

        for destination in destinations do
            send draft destination message

        destinations

    /// R8.4: sends what waits to `count` active members, as long as any of it fits.
    let gossipTo (draft: Draft<'Id>) count : unit =
        for destination in choose draft count ValueNone do
            sendAbout draft ValueNone false destination Gossip

    /// R8.2: sends what waits to a few active members.
    let gossip (draft: Draft<'Id>) : unit =
        sendToChosen draft draft.Config.IndirectProbes ValueNone Gossip |> ignore

    /// R8.3: sends custom broadcasts alone to a few active members that may have them, for as long as
    /// any wait. As the seed promises a transmission whenever someone may have it, the choice goes
    /// on until enough were found or all were asked: it costs one question for each refusal.
    let broadcast (draft: Draft<'Id>) : unit =
        let mutable sent = 0
        let choice = draft.Choice
        choice.Begin(0, draft.Members.ActiveCount, draft.Config.IndirectProbes)

        let mutable position = if draft.Broadcasts.Count = 0 then -1 else choice.Next(&draft.Random)

        while position >= 0 do
            let identity = draft.Members[position].Identity

            if draft.Rules.AcceptsBroadcasts identity then
                send draft identity Broadcast
                sent <- sent + 1

            position <-
                if sent < draft.Config.IndirectProbes && draft.Broadcasts.Count > 0 then
                    choice.Next(&draft.Random)
                else
                    -1
