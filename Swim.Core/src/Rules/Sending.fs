namespace Swim.Core

open System
open Swim

/// Packets (R8.5, R8.6): their receivers, and the updates and custom broadcasts that they carry.
[<RequireQualifiedAccess>]
module internal Sending =

    let private segment (items: ResizeArray<'T>) =
        if items.Count = 0 then ArraySegment.Empty else ArraySegment(items.ToArray())

    let private isSame (step: StepContext<'Id>) (left: MemberRecord<'Id>) (right: MemberRecord<'Id>) =
        left.Status = right.Status
        && left.Incarnation = right.Incarnation
        && step.Identities.SameIdentity(left.Identity, right.Identity)

    /// R8.6: the updates for one packet with `room` bytes for them. With `about`, that record goes first, whether
    /// it is queued or not (R12.14).
    let private takeUpdates (step: StepContext<'Id>) (about: MemberRecord<'Id> voption) room =
        let chosen = step.Chosen

        let leading, left =
            match about with
            | ValueNone -> -1, room
            | ValueSome record ->
                let slot = UpdateQueue.slotOf step record.Identity -1

                if slot >= 0 && isSame step step.State.Updates.Entries[slot].Item record then
                    slot, room
                else
                    let size = step.Rules.Sizes.MemberSize &record

                    if size <= room then
                        chosen.Add record
                        -1, room - size
                    else
                        -1, room

        let struct (updates, used) = Backlog.fill step.Owner left 0 leading chosen step.State.Updates
        step.SetUpdates updates
        struct (segment chosen, used + room - left)

    /// R8.5: random active members except the receiver, as many as fit.
    let private feed (step: StepContext<'Id>) (receiver: 'Id) room =
        let chosen = step.Chosen
        let members = step.State.Members
        let draw = step.Draw
        let except = MemberTable.findActive step.Identities receiver members
        let mutable left = room
        draw.Begin(0, members.ActiveCount, min members.ActiveCount (room / 8))
        let mutable position = draw.Next(&step.Random)

        while position >= 0 do
            if position = except then
                position <- draw.Next(&step.Random)
            else
                let record = members[position]
                let size = step.Rules.Sizes.MemberSize &record

                if size <= left && chosen.Count < int UInt16.MaxValue then
                    chosen.Add record
                    left <- left - size
                    position <- draw.Next(&step.Random)
                else
                    position <- -1

        struct (segment chosen, room - left)

    let private takeBroadcasts (step: StepContext<'Id>) (receiver: 'Id) room =
        if step.State.Broadcasts.Count > 0 && step.Rules.AcceptsBroadcasts receiver then
            let chosen = ResizeArray()

            let struct (broadcasts, _) =
                Backlog.fill step.Owner room Rules.BroadcastOverhead -1 chosen step.State.Broadcasts

            step.SetBroadcasts broadcasts
            segment (ResizeArray(Seq.map (fun item -> item.Payload) chosen))
        else
            ArraySegment.Empty

    let private emitPacket (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) updates broadcasts =
        step.Emit(Send { Header = header; Updates = updates; Broadcasts = broadcasts })

    let private headerTo (step: StepContext<'Id>) destination (message: Message<'Id>) : PacketHeader<'Id> =
        {
            Source = step.State.Identity
            SourceIncarnation = step.State.Incarnation
            Destination = destination
            Kind = message.Kind
            Named = message.Named
            ProbeNumber = message.ProbeNumber
            Health =
                (if message.Kind = MessageKind.Ack || message.Kind = MessageKind.Nack then
                     byte step.State.Health.Score
                 else
                     0uy)
        }

    /// R8.5, R8.6: sends a message with the updates and custom broadcasts that it carries. If `mayBeEmpty` is
    /// false and it would carry nothing, it is not sent. `about` is the record that goes first (R12.14).
    let private sendAbout
        (step: StepContext<'Id>)
        (about: MemberRecord<'Id> voption)
        mayBeEmpty
        destination
        (message: Message<'Id>)
        : unit =
        let header = headerTo step destination message
        let room = step.Rules.Config.MaxPacketSize - step.Rules.Sizes.HeaderSize &header

        if room < 0 then
            step.Report SwimError.Encode
        else
            let countSize = if message.Kind = MessageKind.Broadcast then 0 else Rules.UpdatesOverhead
            let room = room - countSize

            let struct (updates, used) =
                if room <= 0 then
                    struct (ArraySegment.Empty, 0)
                elif message.Kind = MessageKind.Feed then
                    feed step destination room
                elif
                    Message.carriesUpdates message.Kind && (step.State.Updates.Count > 0 || about.IsSome)
                then
                    takeUpdates step about room
                else
                    struct (ArraySegment.Empty, 0)

            let broadcasts =
                if room - used > 0 && Message.carriesBroadcasts message.Kind then
                    takeBroadcasts step destination (room - used)
                else
                    ArraySegment.Empty

            if mayBeEmpty || updates.Count + broadcasts.Count > 0 then
                emitPacket step &header updates broadcasts

    /// Sends a message with all that rides along (R8.5).
    let send (step: StepContext<'Id>) (destination: 'Id) (message: Message<'Id>) : unit =
        // A broadcast whose items do not fit any more has nothing to say.
        sendAbout step ValueNone (message.Kind <> MessageKind.Broadcast) destination message

    /// R12.14: a ping of a Suspect member tells it first that it is suspected, so that it can
    /// refute at once.
    let sendPing (step: StepContext<'Id>) (destination: 'Id) (message: Message<'Id>) : unit =
        let about =
            match MemberTable.tryFind step.Identities destination step.State.Members with
            | ValueSome record when
                step.Rules.Config.NotifySuspects
                && record.Status = MemberStatus.Suspect
                && step.Identities.SameIdentity(record.Identity, destination)
                ->
                ValueSome record
            | _ -> ValueNone

        sendAbout step about true destination message

    /// Sends a message with this record and nothing else.
    let private sendRecord (step: StepContext<'Id>) destination message (record: MemberRecord<'Id>) : unit =
        let header = headerTo step destination message

        let size =
            step.Rules.Sizes.HeaderSize &header
            + Rules.UpdatesOverhead
            + step.Rules.Sizes.MemberSize &record

        if size <= step.Rules.Config.MaxPacketSize then
            emitPacket step &header (ArraySegment [| record |]) ArraySegment.Empty
        else
            step.Report SwimError.Encode

    /// R12.6: what a member that left answers with: its own Down and nothing else.
    let sendOwnDown (step: StepContext<'Id>) (destination: 'Id) : unit =
        sendRecord step destination Message.gossip (step.Departed step.State.Identity)

    /// R13.4: tells a member that is not active here why not, so that it can rise above that: the record at its
    /// address, or what a tombstone says of it. With `DownIsFinal` the message alone says all.
    let sendTurnUndead (step: StepContext<'Id>) (destination: 'Id) : unit =
        let reason =
            if step.DownIsFinal then
                ValueNone
            else
                match MemberTable.tryFind step.Identities destination step.State.Members with
                | ValueSome known -> ValueSome known
                | ValueNone ->
                    Tombstones.tryFind step.Identities destination step.State.Tombstones
                    |> ValueOption.map (fun stone -> MemberRecord.down stone.Identity stone.Incarnation)

        match reason with
        | ValueSome record -> sendRecord step destination Message.turnUndead record
        | ValueNone -> send step destination Message.turnUndead

    /// R13.6: answers a packet that calls us by an old name with who we are now, if that is no larger than the
    /// packet. Returns whether it was sent.
    let sendReminder (step: StepContext<'Id>) (asked: inref<Packet<'Id>>) : bool =
        let header = headerTo step asked.Header.Source Message.gossip
        let fits = step.Rules.Sizes.HeaderSize &header <= Packet.size step.Rules asked

        if fits then
            emitPacket step &header ArraySegment.Empty ArraySegment.Empty

        fits

    /// `count` active members, chosen at random, but never `except`. If only Alive ones will do, as many are looked at
    /// as cost the same in any cluster.
    let private choose (step: StepContext<'Id>) count (except: 'Id voption) onlyAlive : ResizeArray<'Id> =
        let destinations = ResizeArray<'Id>()
        let members = step.State.Members
        let draw = step.Draw

        let except =
            match except with
            | ValueSome excluded -> MemberTable.findActive step.Identities excluded members
            | ValueNone -> -1

        let mutable looks = if onlyAlive then 4 * count + 16 else System.Int32.MaxValue
        draw.Begin(0, members.ActiveCount, count)
        let mutable position = draw.Next(&step.Random)

        while position >= 0 && destinations.Count < count do
            let row = &members.Rows.Reference position

            if position <> except && (not onlyAlive || row.Status = MemberStatus.Alive) then
                destinations.Add row.Identity

            looks <- looks - 1
            position <- if destinations.Count < count && looks > 0 then draw.Next(&step.Random) else -1

        destinations

    let private sendToAll (step: StepContext<'Id>) (destinations: ResizeArray<'Id>) (message: Message<'Id>) =
        for destination in destinations do
            send step destination message

    /// Sends one message to each of `count` active members, chosen at random.
    let sendToChosen (step: StepContext<'Id>) count (message: Message<'Id>) : unit =
        sendToAll step (choose step count ValueNone false) message

    /// R7.3, R14.6: asks helpers to ping a member: active ones, and only Alive ones where local health is on. Returns
    /// whom it asked.
    let askHelpers (step: StepContext<'Id>) (probed: 'Id) (message: Message<'Id>) : ResizeArray<'Id> =
        let config = step.Rules.Config
        let helpers = choose step config.IndirectProbes (ValueSome probed) (config.MaxLocalHealth > 0)
        sendToAll step helpers message
        helpers

    /// R8.4: sends what is queued to `count` active members, as long as any of it fits.
    let gossipTo (step: StepContext<'Id>) count : unit =
        for destination in choose step count ValueNone false do
            sendAbout step ValueNone false destination Message.gossip

    /// R8.2: sends what is queued to a few active members.
    let gossip (step: StepContext<'Id>) : unit =
        sendToChosen step step.Rules.Config.IndirectProbes Message.gossip

    /// R8.3: sends custom broadcasts alone to a few active members that may have them, for as long as
    /// any are queued. As foca promises a transmission whenever a member may have it, the draw continues
    /// until enough were found or all were asked: it costs one question for each refusal.
    let broadcast (step: StepContext<'Id>) : unit =
        let mutable sent = 0
        let draw = step.Draw
        draw.Begin(0, step.State.Members.ActiveCount, step.Rules.Config.IndirectProbes)

        let mutable position = if step.State.Broadcasts.Count = 0 then -1 else draw.Next(&step.Random)

        while position >= 0 do
            let identity = step.State.Members[position].Identity

            if step.Rules.AcceptsBroadcasts identity then
                send step identity Message.broadcast
                sent <- sent + 1

            position <-
                if sent < step.Rules.Config.IndirectProbes && step.State.Broadcasts.Count > 0 then
                    draw.Next(&step.Random)
                else
                    -1
