-------------------------------- MODULE Swim --------------------------------
(***************************************************************************)
(* The membership protocol of Swim, rule by rule (spec/protocol.md).       *)
(*                                                                         *)
(* Part 1 is one member: pure operators from (what it knows, what happens) *)
(* to (what it knows then, what it sends, which events it raises).  Each   *)
(* has its rule number and stands for one function of Swim.Core.           *)
(* Part 2 is the world around the members: a network that delays, reorders,*)
(* loses and repeats packets, probes that fail, processes that crash,      *)
(* restart, leave and come back.                                           *)
(*                                                                         *)
(* Fix is the set of amendments (R12) and of rules of R13 that are switched*)
(* on.  With all of them this is the protocol that Swim.Core runs, with all*)
(* of R12 and none of R13 that of DownIsFinal, with none it is foca's.     *)
(*                                                                         *)
(* Abstractions: an identity is an address and a generation.  A packet     *)
(* carries the whole backlog.  The last transmission of an update is an    *)
(* action of its own (Spend).  Ack, ForwardedAck, Gossip and Broadcast are *)
(* one kind, "data".  A timer is a member of a set; a timer with an old    *)
(* token is one that is not in the set.  Choices of members are of all     *)
(* members.  The probe cycle has a module of its own, SwimProbe: the world *)
(* here sends no indirect message, but a member accepts and answers each.  *)
(* How often a member renews in a minute (R13.5), and answers a caller in a*)
(* second (R13.6), has no bound here: the model has no clock.              *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences

CONSTANTS
    Node,       \* the addresses: 1 .. N
    Fix,        \* the amendments and rules that are on, such as "R12.1"
    Renewable,  \* the addresses whose identities can renew themselves (R1.1)
    MaxInc,     \* the highest incarnation (65,535 in the code)
    \* How often the environment may take each of its actions:
    Joins, Pings, Asks, Suspicions, Losses, Repeats, Spends, Forgets, Unburials,
    Leaves, Reuses, Changes, Crashes, Restarts,
    Backdates   \* restarts with a clock behind: the first generation again

ASSUME Fix \subseteq {"R12.1", "R12.2", "R12.3", "R12.4", "R12.5", "R12.6", "R12.7",
                      "R12.8", "R12.9", "R12.11", "R12.12", "R12.14",
                      "R13.1", "R13.2", "R13.3", "R13.4", "R13.5", "R13.6", "R13.7"}

On(amendment) == amendment \in Fix

(* Whether a Down can be refuted; the opposite of DownIsFinal.             *)
CanRefute == On("R13.1")

-----------------------------------------------------------------------------
(* Records.  R2.1: a record about an address has a generation g, an        *)
(* incarnation i and a status st; None is no record.                       *)

None == [g |-> 0, i |-> 0, st |-> "none"]
Rec(generation, incarnation, status) == [g |-> generation, i |-> incarnation, st |-> status]
DownRec(generation) == Rec(generation, 0, "down")
IsActive(record) == record.st \in {"alive", "suspect"}

(* R13.2: the highest incarnation is that of the departed alone.           *)
(* MemberRecord.lastIncarnation                                            *)
LastInc == IF CanRefute /\ On("R13.2") THEN MaxInc - 1 ELSE MaxInc

(* R12.8: a Down record has incarnation 0.  R13.2: no one takes part with   *)
(* the highest one.  MemberRecord.normal                                   *)
Normal(record) ==
    IF CanRefute
    THEN IF IsActive(record) /\ record.i > LastInc THEN [record EXCEPT !.i = LastInc] ELSE record
    ELSE IF On("R12.8") /\ record.st = "down" THEN [record EXCEPT !.i = 0] ELSE record

(* R13.2: the record that ends an identity for good.  MemberRecord.left *)
Departed(generation) ==
    IF CanRefute /\ On("R13.2") THEN Rec(generation, MaxInc, "down") ELSE DownRec(generation)

Rank(status) == IF status = "alive" THEN 0 ELSE IF status = "suspect" THEN 1 ELSE 2

(* R2.2: whether the update replaces the known record of the same identity. *)
SupersedesIfFinal(known, update) ==
    CASE known.st = "down"                             -> FALSE
      [] update.st = "down"                            -> TRUE
      [] known.st = "alive" /\ update.st = "suspect"   -> update.i >= known.i
      [] OTHER                                         -> update.i > known.i

(* R13.1: the order by incarnation, then by status; or that of R2.2.       *)
(* MemberRecord.supersedes                                                 *)
Supersedes(known, update) ==
    IF CanRefute
    THEN update.i > known.i \/ (update.i = known.i /\ Rank(update.st) > Rank(known.st))
    ELSE SupersedesIfFinal(known, update)

-----------------------------------------------------------------------------
(* One member.  me is what it knows:                                       *)
(*   id     its identity: [a |-> address, g |-> generation]                *)
(*   inc    its incarnation                                                *)
(*   conn   "idle", "active" or "defunct" (R4.1)                           *)
(*   left   whether it is defunct because it left (R12.6)                  *)
(*   await  whether "active" is still to be notified (R12.2)               *)
(*   mem    the table: a record or None for each address                   *)
(*   tomb   the generation and incarnation that were forgotten (R12.7)     *)
(*   up     the backlog: the update that waits about each address, or None *)
(*   susp   the suspicion timers that are pending: [a, g, i]               *)
(*   rem    the removal timers that are pending: [a, g, i]                 *)
(* step is a step under way: the state so far, the packets out, and the    *)
(* notes in order: the events for the user of who is up and who we are. An *)
(* event that also changes an identity (R3.3) has two notes here.          *)

Start(me) == [state |-> me, out |-> {}, notes |-> <<>>]
Put(step, packets) == [step EXCEPT !.out = @ \cup packets]
Notify(step, kind, address, generation) ==
    [step EXCEPT !.notes = Append(@, [k |-> kind, a |-> address, g |-> generation])]

NoTomb == [g |-> 0, i |-> 0]

Fresh(address, generation) ==
    [id |-> [a |-> address, g |-> generation], inc |-> 0, conn |-> "idle", left |-> FALSE,
     await |-> FALSE, mem |-> [x \in Node |-> None], tomb |-> [x \in Node |-> NoTomb],
     up |-> [x \in Node |-> None], susp |-> {}, rem |-> {}]

ActiveOf(me) == {x \in Node : IsActive(me.mem[x])}
DownOf(me) == {x \in Node : me.mem[x].st = "down"}
IdOf(me, address) == [a |-> address, g |-> me.mem[address].g]
NoUpdates == [x \in Node |-> None]

(* R8.5: a packet has a kind, the sender and its incarnation, the receiver, *)
(* the third member that an indirect message or a ForwardedAck names, and  *)
(* updates.                                                                *)
NoOne == [a |-> 0, g |-> 0]
Packet(me, kind, receiver, updates) ==
    [k |-> kind, src |-> me.id, si |-> me.inc, dst |-> receiver, to |-> NoOne, ups |-> updates]
Naming(packet, third) == [packet EXCEPT !.to = third]

(* R12.14: a ping of a suspect carries the suspicion, backlog or not.      *)
Carried(me, receiver) ==
    IF On("R12.14") /\ me.mem[receiver.a].st = "suspect" /\ me.mem[receiver.a].g = receiver.g
    THEN [me.up EXCEPT ![receiver.a] = me.mem[receiver.a]]
    ELSE me.up

(* R7.2, R8.5: are you there?  The kind is "ping" or "indirectping".       *)
(* Sending.sendPing                                                        *)
PingOf(me, kind, receiver) == Packet(me, kind, receiver, Carried(me, receiver))

(* R8.2: to some active members, or to all.  Sending.gossip *)
GossipTo(me, addresses) == {Packet(me, "data", IdOf(me, x), me.up) : x \in addresses}
Gossip(step) == Put(step, GossipTo(step.state, ActiveOf(step.state)))

(* R4.3, R4.4: the timers of this life end.  The suspicions that stand get *)
(* their full time again in the next life (R12.11).                        *)
(* ConnectionRules.endTimers                                               *)
EndTimers(me) ==
    [me EXCEPT !.await = FALSE, !.susp = IF On("R12.11") THEN @ ELSE {}]

(* R4: the connection follows the table.  ConnectionRules.adjust *)
Adjust(step) ==
    LET me == step.state
        knowsActive == ActiveOf(me) # {}
    IN CASE me.conn = "idle" /\ knowsActive ->
              Notify([step EXCEPT !.state.conn = "active"], "active", me.id.a, me.id.g)
         [] me.conn = "active" /\ ~knowsActive ->
              Notify([step EXCEPT !.state = EndTimers([me EXCEPT !.conn = "idle"])], "idle", me.id.a, me.id.g)
         [] OTHER -> step

(* R4.4.  ConnectionRules.becomeDefunct *)
BecomeDefunct(step) ==
    LET me == step.state
    IN IF me.conn = "defunct" THEN step
       ELSE Notify([step EXCEPT !.state = EndTimers([me EXCEPT !.conn = "defunct"])],
                   "defunct", me.id.a, me.id.g)

(* R3.1 to R3.3: what follows from a changed record.  Merging.follow       *)
(* Without R12.11 only a suspicion of our own has a timer.                 *)
Follow(step, address, record, disseminate, isOwn) ==
    LET me == step.state
        old == me.mem[address]
        new == [me EXCEPT
                 !.mem[address] = record,
                 !.tomb[address] = NoTomb,
                 !.up[address] = IF disseminate THEN record ELSE @,
                 !.susp = IF record.st = "suspect" /\ (isOwn \/ On("R12.11"))
                          THEN @ \cup {[a |-> address, g |-> record.g, i |-> record.i]} ELSE @,
                 !.rem = IF record.st = "down"
                         THEN @ \cup {[a |-> address, g |-> record.g, i |-> record.i]} ELSE @]
        changed == [step EXCEPT !.state = new]
        renamed == IF old.st # "none" /\ old.g # record.g
                   THEN Notify(changed, "rename", address, record.g) ELSE changed
    IN CASE ~IsActive(old) /\ IsActive(record) -> Notify(renamed, "up", address, record.g)
         [] IsActive(old) /\ ~IsActive(record) -> Notify(renamed, "down", address, record.g)
         [] OTHER -> renamed

(* R12.7: a tombstone rejects every generation that is not newer, unless   *)
(* the buried one may return.  R13.7: or has a higher incarnation.         *)
(* Merging.isBuried                                                        *)
Buried(me, address, record, mayReturn) ==
    LET stone == me.tomb[address]
        rises == CanRefute /\ On("R13.7") /\ record.i > stone.i
    IN /\ On("R12.7")
       /\ stone.g # 0
       /\ \/ stone.g = record.g /\ ~mayReturn /\ ~rises
          \/ stone.g > record.g

(* R2, R3: one update about another member.  Merging.update *)
Update(step, address, update, disseminate, mayReturn, isOwn) ==
    LET me == step.state
        known == me.mem[address]
        new == Normal(update)
    IN CASE known.st = "none" ->
              IF Buried(me, address, new, mayReturn) THEN step
              ELSE Follow(step, address, new, disseminate, isOwn)
         [] known.st # "none" /\ known.g = new.g ->
              IF Supersedes(known, new) THEN Follow(step, address, new, disseminate, isOwn) ELSE step
         [] known.st # "none" /\ known.g > new.g -> step
         [] OTHER -> Follow(step, address, new, disseminate, isOwn)

(* Whether exactly this identity is active.  MemberTable.isActive *)
Knows(me, id) == me.mem[id.a].g = id.g /\ IsActive(me.mem[id.a])

-----------------------------------------------------------------------------
(* Our own identity: R5 and R6.                                            *)

(* R6.2: a new life.  ConnectionRules.reset *)
Reset(step) ==
    LET me == EndTimers([step.state EXCEPT !.inc = 0, !.left = FALSE])
        isActive == On("R12.2") /\ ActiveOf(me) # {}
    IN [step EXCEPT !.state = [me EXCEPT !.conn = IF isActive THEN "active" ELSE "idle", !.await = isActive]]

(* R6.2: continues as a newer generation at the same address.  A batch may *)
(* take the last active member down before it names us; then the active    *)
(* part of the old life ends, which is notified.  OwnIdentity.assume       *)
Assume(step, generation) ==
    LET me == step.state
        wasDefunct == me.conn = "defunct"
        next == Reset([step EXCEPT !.state.id.g = generation])
        isOver == me.conn = "active" /\ ActiveOf(me) = {}
        ended == IF isOver THEN Notify(next, "idle", me.id.a, me.id.g) ELSE next
        told == IF wasDefunct THEN ended ELSE [ended EXCEPT !.state.up[me.id.a] = Departed(me.id.g)]
    IN Gossip(told)

CanRenew(me) == me.id.a \in Renewable

RenewTo(step, generation) ==
    Notify(Assume(step, generation), "rejoin", step.state.id.a, generation)

Renew(step) == RenewTo(step, step.state.id.g + 1)

(* R13.5: a newer generation holds our address: we renew to above it, in   *)
(* one leap.  One that cannot renew, and is told by a TurnUndead, is       *)
(* defunct.  OwnIdentity.claimed                                           *)
Claimed(step, rival, isTold) ==
    LET me == step.state
    IN CASE CanRenew(me)              -> RenewTo(step, (IF On("R13.5") THEN rival ELSE me.id.g) + 1)
         [] ~CanRenew(me) /\ isTold   -> BecomeDefunct(step)
         [] OTHER                     -> step

(* R5.3: declared Down: renew, or become defunct.  R12.6: only the caller  *)
(* ends defunct.  OwnIdentity.declaredDown                                 *)
DeclaredDown(step) ==
    LET me == step.state
        mayRejoin == IF On("R12.6") THEN me.conn # "defunct" ELSE TRUE
    IN IF ~mayRejoin THEN step
       ELSE IF CanRenew(me) THEN Renew(step)
       ELSE BecomeDefunct(step)

(* R5.2, R12.9, R13.3: suspected, or declared Down.  OwnIdentity.refute *)
Refute(step, incarnation) ==
    LET me == step.state
        highest == IF me.inc > incarnation THEN me.inc ELSE incarnation
        cannotRefute == (IF On("R12.9") THEN incarnation ELSE highest) >= LastInc
    IN IF cannotRefute THEN DeclaredDown(step)
       ELSE Gossip([step EXCEPT !.state.inc = IF me.inc <= incarnation THEN incarnation + 1 ELSE @])

(* R5: an update about us.  OwnIdentity.update *)
SelfUpdate(step, incarnation, status) ==
    IF On("R12.6") /\ step.state.conn = "defunct" THEN step
    ELSE CASE status = "suspect" -> Refute(step, incarnation)
           [] status = "down"    -> IF CanRefute /\ On("R13.3") THEN Refute(step, incarnation)
                                    ELSE DeclaredDown(step)
           [] OTHER              -> step

(* R13.4: a member tells us that we are not active in its table; reasons   *)
(* has the record that says why.  OwnIdentity.obey                         *)
Obey(step, reasons) ==
    LET me == step.state
        reason == reasons[me.id.a]
    IN CASE ~CanRefute                                -> DeclaredDown(step)
         [] CanRefute /\ me.conn = "defunct"          -> step
         [] CanRefute /\ me.conn # "defunct" /\ reasons = NoUpdates -> SelfUpdate(step, me.inc, "down")
         [] CanRefute /\ me.conn # "defunct" /\ reason.st # "none" /\ reason.g = me.id.g ->
              SelfUpdate(step, reason.i, reason.st)
         [] CanRefute /\ me.conn # "defunct" /\ reason.st # "none" /\ reason.g > me.id.g ->
              Claimed(step, reason.g, TRUE)
         [] OTHER -> step

(* Whether a step gave us another identity or incarnation.                 *)
Moved(before, after) == after.id # before.id \/ (CanRefute /\ after.inc # before.inc)

(* R6.1: leaves.  OwnIdentity.leave *)
Leave(me) ==
    IF me.left THEN Start(me)
    ELSE LET told == Gossip(Start([me EXCEPT !.up[me.id.a] = Departed(me.id.g)]))
         IN BecomeDefunct([told EXCEPT !.state.left = TRUE])

(* R6.3, R12.5: comes back.  OwnIdentity.reuseDownIdentity *)
Reuse(me) ==
    IF On("R12.5") /\ CanRenew(me) THEN Renew(Start(me))
    ELSE Reset(Start(IF On("R12.5") /\ me.up[me.id.a].g = me.id.g
                     THEN [me EXCEPT !.up[me.id.a] = None] ELSE me))

-----------------------------------------------------------------------------
(* Receiving: R3.4 and R9.                                                 *)

(* R3.4: another generation at our address is one that we gave up, or an   *)
(* impostor.  R13.5: if it is newer, we renew, and nothing of it is told.  *)
MergeAtOurAddress(step, address, update) ==
    LET me == step.state
        isNewer == CanRefute /\ me.conn # "defunct" /\ update.g > me.id.g
        own == IF isNewer THEN Claimed(step, update.g, FALSE) ELSE step
    IN Update(own, address, Departed(update.g), ~(isNewer /\ CanRenew(me)), FALSE, FALSE)

(* R3.4: one update, about us or about another member.  Receiving.merge *)
Merge(step, address, update) ==
    LET id == step.state.id
    IN CASE update.st = "none" -> step
         [] update.st # "none" /\ address # id.a -> Update(step, address, update, TRUE, FALSE, FALSE)
         [] update.st # "none" /\ address = id.a /\ update.g = id.g -> SelfUpdate(step, update.i, update.st)
         [] OTHER -> MergeAtOurAddress(step, address, update)

(* R3.4: a batch, in a given order of addresses.  Receiving.applyMany *)
RECURSIVE MergeFrom(_, _, _, _)
MergeFrom(step, index, order, updates) ==
    IF index > Len(order) THEN step
    ELSE MergeFrom(Merge(step, order[index], updates[order[index]]), index + 1, order, updates)

ApplyMany(step, order, updates) == Adjust(MergeFrom(step, 1, order, updates))

(* The order of the models.  SwimTrace takes the order on the wire.        *)
ByAddress == [x \in 1 .. Cardinality(Node) |-> x]

(* R12.2: a message addressed to our identity arrived.                     *)
(* ConnectionRules.acknowledge                                             *)
Acknowledge(step, receiver) ==
    LET me == step.state
    IN IF me.await /\ receiver = me.id
       THEN Notify([step EXCEPT !.state.await = FALSE], "active", me.id.a, me.id.g)
       ELSE step

(* R13.4: why the receiver is not active here: the record at its address,  *)
(* or what a tombstone says.  Sending.sendTurnUndead                       *)
TurnUndead(me, receiver) ==
    LET known == me.mem[receiver.a]
        stone == me.tomb[receiver.a]
        buried == IF stone.g = 0 THEN None ELSE Rec(stone.g, stone.i, "down")
        reason == IF known.st = "none" THEN buried ELSE known
    IN Packet(me, "turnundead", receiver,
              IF CanRefute /\ On("R13.4") THEN [NoUpdates EXCEPT ![receiver.a] = reason] ELSE NoUpdates)

(* R9.4, R12.4: the sender is not active here.  Receiving.distrust *)
Distrust(step, packet) ==
    LET isTurnUndead == packet.k = "turnundead"
        obeyed == IF isTurnUndead THEN Obey(step, packet.ups) ELSE step
        mayAnswer == IF On("R12.4") THEN ~isTurnUndead \/ Moved(step.state, obeyed.state) ELSE TRUE
        isSilent == On("R12.6") /\ obeyed.state.left
    IN IF mayAnswer /\ ~isSilent
       THEN Put(obeyed, {TurnUndead(obeyed.state, packet.src)})
       ELSE obeyed

(* R13.3, R13.4: an active member says that we are not active in its table.*)
(* It is among the first to know that we refuted.  Receiving.believe       *)
Heed(step, packet) ==
    LET settled == Acknowledge(Adjust(step), packet.dst)
        obeyed == Obey(settled, packet.ups)
    IN CASE settled.state.conn # "active" -> settled
         [] settled.state.conn = "active" /\ Moved(settled.state, obeyed.state) ->
              Put(obeyed, {Packet(obeyed.state, "data", packet.src, obeyed.state.up)})
         [] OTHER -> obeyed

(* R13.6: a packet for another generation at our address.  A caller that   *)
(* has our old name is told the new one.  Receiving.remind                 *)
Remind(me, packet) ==
    IF CanRefute /\ On("R13.6") /\ me.conn # "defunct" /\ packet.dst.a = me.id.a
    THEN Put(Start(me), {Packet(me, "data", packet.src, NoUpdates)})
    ELSE Start(me)

(* R8.5: all active members but the receiver.  Sending.feed *)
FeedFor(me, receiver) ==
    [x \in Node |-> IF IsActive(me.mem[x]) /\ IdOf(me, x) # receiver THEN me.mem[x] ELSE None]

(* R12.6: a member that left answers each question with its own Down.      *)
(* Receiving.answerAsLeft                                                  *)
AnswerAsLeft(step, packet) ==
    LET me == step.state
    IN IF packet.k \in {"announce", "ping", "pingreq", "indirectping"}
       THEN Put(step, {Packet(me, "data", packet.src, [NoUpdates EXCEPT ![me.id.a] = Departed(me.id.g)])})
       ELSE step

(* R8.5, R9.6: the answer of an active member.  Receiving.answerAsActive *)
AnswerAsActive(step, packet) ==
    LET me == step.state
        kind == packet.k
        sender == packet.src
        third == packet.to
    IN CASE kind = "announce"     -> Put(step, {Packet(me, "feed", sender, FeedFor(me, sender))})
         [] kind = "ping"         -> Put(step, {Packet(me, "data", sender, me.up)})
         [] kind = "pingreq"      -> Put(step, {Naming(PingOf(me, "indirectping", third), sender)})
         [] kind = "indirectping" -> Put(step, {Naming(Packet(me, "indirectack", sender, me.up), third)})
         [] kind = "indirectack"  -> Put(step, {Naming(Packet(me, "data", third, me.up), sender)})
         [] kind = "turnundead"   -> DeclaredDown(step)
         [] OTHER                 -> step

(* R9.6: the answer.  Receiving.answer *)
Answer(step, packet) ==
    LET hasLeft == On("R12.6") /\ step.state.left
    IN CASE hasLeft                                   -> AnswerAsLeft(step, packet)
         [] ~hasLeft /\ step.state.conn = "active"    -> AnswerAsActive(step, packet)
         [] OTHER                                     -> step

(* R9.2 to R9.6: a packet whose updates come in the given order.  A packet *)
(* from our own address (R9.2), one that is not for us, and one that names *)
(* any identity at our address as its third member (R9.3) change nothing.  *)
(* The updates of a TurnUndead are its reason, if Down can be refuted.     *)
(* Receiving.receive                                                       *)
ReceiveInOrder(me, packet, order) ==
    LET isAnnounce == packet.k = "announce"
        isForUs == packet.dst = me.id \/ (isAnnounce /\ packet.dst.a = me.id.a)
        namesUs == packet.to.a = me.id.a
        mayReturn == isAnnounce /\ packet.src.a \notin Renewable
        sender == Rec(packet.src.g, packet.si, "alive")
        heard == Update(Start(me), packet.src.a, sender, TRUE, mayReturn, FALSE)
    IN IF packet.src.a = me.id.a THEN Start(me)
       ELSE IF ~isForUs THEN Remind(me, packet)
       ELSE IF namesUs THEN Start(me)
       ELSE IF ~Knows(heard.state, packet.src) THEN Distrust(heard, packet)
       ELSE IF CanRefute /\ packet.k = "turnundead" THEN Heed(heard, packet)
       ELSE Answer(Acknowledge(ApplyMany(heard, order, packet.ups), packet.dst), packet)

Receive(me, packet) == ReceiveInOrder(me, packet, ByAddress)

-----------------------------------------------------------------------------
(* Suspicion, and its timers: R7.                                          *)

(* R7.2: our probe of the address failed.  probed is the record that it    *)
(* had when the probe began: a member that refuted meanwhile is not        *)
(* suspected.  Merging.suspect                                             *)
SuspectAs(me, address, probed) ==
    IF me.mem[address].st # "none" /\ me.mem[address].g = probed.g
    THEN Update(Start(me), address, Rec(probed.g, probed.i, "suspect"), TRUE, FALSE, TRUE)
    ELSE Start(me)

(* The same if its record did not change since.                            *)
Suspect(me, address) == SuspectAs(me, address, me.mem[address])

(* R7.5, R12.1, R12.13: the timer of a suspicion fires.  Merging.expire *)
Expire(me, timer) ==
    LET known == me.mem[timer.a]
        stands == known.g = timer.g /\ known.i = timer.i /\ known.st = "suspect"
        fired == [me EXCEPT !.susp = @ \ {timer}]
        record == IF CanRefute THEN Rec(timer.g, timer.i, "down") ELSE DownRec(timer.g)
        down == Adjust(Update(Start(fired), timer.a, record, TRUE, FALSE, FALSE))
        plain == IF known.st # "none" /\ known.i = timer.i
                 THEN Adjust(Update(Start(fired), timer.a, Rec(timer.g, timer.i, "down"), TRUE, FALSE, FALSE))
                 ELSE Start(fired)
        Tell(step) == Put(step, {TurnUndead(step.state, [a |-> timer.a, g |-> timer.g])})
    IN IF On("R12.1")
       THEN IF ~stands THEN Start(fired)
            ELSE IF me.conn = "active" THEN Tell(down)
            ELSE Start(me)    \* scheduled again (R12.11)
       ELSE IF known.st # "none" THEN Tell(plain) ELSE Start(fired)

(* R7.6, R12.7: a Down member is forgotten.  Merging.forget *)
Forget(me, timer) ==
    LET known == me.mem[timer.a]
        fired == [me EXCEPT !.rem = @ \ {timer}]
    IN Start(IF known.st = "down" /\ known.g = timer.g /\ known.i = timer.i
             THEN [fired EXCEPT !.mem[timer.a] = None,
                                !.tomb[timer.a] = IF On("R12.7") THEN [g |-> timer.g, i |-> timer.i] ELSE NoTomb]
             ELSE fired)

(* R12.7: a tombstone expires.  Merging.expireTombstone *)
Unbury(me, address) == Start([me EXCEPT !.tomb[address] = NoTomb])

(* R8.1.  Generation 0 stands for any identity at the address.             *)
Announce(me, receiver) == Put(Start(me), {Packet(me, "announce", receiver, NoUpdates)})

(* R8.4: to some members of the table.  PeriodicTasks.announce *)
AnnounceTo(me, addresses) ==
    Put(Start(me), {Packet(me, "announce", IdOf(me, x), NoUpdates) : x \in addresses})

(* R8.4, R12.3: to the Down members, while idle too.                       *)
(* PeriodicTasks.announceDown                                              *)
AnnounceDown(me) == AnnounceTo(me, DownOf(me) \ {me.id.a})

MayAnnounceDown(me) == me.conn = "active" \/ (On("R12.3") /\ me.conn = "idle")

-----------------------------------------------------------------------------
(* Part 2: the world.                                                      *)

VARIABLES
    st,      \* what the member at each address knows
    run,     \* the addresses whose process runs
    net,     \* the packets under way: a set, so any order is possible
    gen,     \* the highest generation that each address has reached
    fuel,    \* what the environment may still do
    dead,    \* [n, a, g]: n has held generation g of a Down, for good
    flaw     \* the step properties that were broken

Fuel == [join |-> Joins, ping |-> Pings, ask |-> Asks, suspect |-> Suspicions,
         loss |-> Losses, dup |-> Repeats, spend |-> Spends, forget |-> Forgets,
         unbury |-> Unburials, leave |-> Leaves, reuse |-> Reuses,
         change |-> Changes, crash |-> Crashes, restart |-> Restarts,
         backdate |-> Backdates]

vars == <<st, run, net, gen, fuel, dead, flaw>>

Kinds == {"data", "ping", "announce", "feed", "turnundead"}
IndirectKinds == {"pingreq", "indirectping", "indirectack"}

Has(action) == fuel[action] > 0
Burn(action) == fuel' = [fuel EXCEPT ![action] = @ - 1]

(* The up and down notes about an address alternate, and lead from what    *)
(* the record was to what it is (R3.3).                                    *)
InTurn(before, after, address) ==
    LET told == {j \in DOMAIN after.notes :
                    after.notes[j].k \in {"up", "down"} /\ after.notes[j].a = address}
        was == IF IsActive(before.mem[address]) THEN 1 ELSE 0
        upAfter(index) == (was + Cardinality({k \in told : k <= index})) % 2 = 1
    IN /\ \A j \in told : (after.notes[j].k = "up") <=> upAfter(j)
       /\ IsActive(after.state.mem[address]) <=> upAfter(Len(after.notes))

(* What may become of a record in one step (R2.2, R2.3, R7.6).             *)
Forward(before, after, event) ==
    CASE before.st = "none"                          -> TRUE
      [] after.st = "none"                           -> before.st = "down" /\ event = "forget"
      [] after.st # "none" /\ after.g = before.g     -> after = before \/ Supersedes(before, after)
      [] OTHER                                       -> after.g > before.g

(* What must hold of every step of a member, seen from outside.            *)
(* event: "receive", "receive-turnundead", "receive-verdict" (the packet   *)
(* says of its receiver what R5.3 may answer), "receive-reproach" (a       *)
(* TurnUndead that the receiver can refute), "expire", "forget", "own" or  *)
(* "caller".                                                               *)
Flaws(before, event, after) ==
    LET undead == {q \in after.out : q.k = "turnundead"}
        pings == {q \in after.out : q.k \in {"ping", "indirectping"}}
        same == after.state.id = before.id
    IN (IF \E q \in undead : Knows(after.state, q.dst) THEN {"TurnUndeadOnlyToDown"} ELSE {})
       \cup
       (IF event = "expire" /\ \E x \in Node :
             /\ after.state.mem[x].st = "down"
             /\ before.mem[x].st = "alive"
        THEN {"OnlySuspectsExpire"} ELSE {})
       \cup
       (IF event \in {"receive-turnundead", "receive-reproach"} /\ ~Moved(before, after.state) /\ undead # {}
        THEN {"NoTurnUndeadStorm"} ELSE {})
       \cup
       (IF before.left /\ event # "caller" /\
           \/ ~after.state.left
           \/ \E q \in after.out : q.ups # [NoUpdates EXCEPT ![before.id.a] = Departed(before.id.g)]
        THEN {"DepartedIsSilent"} ELSE {})
       \cup
       (IF before.left /\ event # "caller" /\ ~(same /\ after.state.left /\ after.state.conn = "defunct")
        THEN {"LeavingIsFinal"} ELSE {})
       \cup
       (IF event # "caller" /\ same /\ after.state.inc < before.inc
        THEN {"OurIncarnationOnlyGrows"} ELSE {})
       \cup
       (IF event \notin {"caller", "receive-turnundead", "receive-verdict"} /\
           \/ ~same
           \/ after.state.conn = "defunct" /\ before.conn # "defunct"
        THEN {"OnlyAVerdictEndsUs"} ELSE {})
       \cup
       (IF \E q \in pings : (q.k = "ping" /\ ~Knows(after.state, q.dst)) \/ q.dst.a = after.state.id.a
        THEN {"ProbesAreOfPeers"} ELSE {})
       \cup
       (IF \E q \in pings : /\ after.state.mem[q.dst.a].st = "suspect"
                            /\ after.state.mem[q.dst.a].g = q.dst.g
                            /\ q.ups[q.dst.a] # after.state.mem[q.dst.a]
        THEN {"SuspectsAreTold"} ELSE {})
       \cup
       (IF \E x \in Node : ~InTurn(before, after, x)
        THEN {"EventsMatchTable"} ELSE {})
       \cup
       (IF \E x \in Node : ~Forward(before.mem[x], after.state.mem[x], event)
        THEN {"RecordsMoveForward"} ELSE {})
       \cup
       (IF CanRefute /\ \E q \in undead : q.ups[q.dst.a] = None
        THEN {"TurnUndeadSaysWhy"} ELSE {})

(* The members whose Down nothing can refute.                              *)
GoneOf(me) == {x \in DownOf(me) : ~CanRefute \/ me.mem[x].i = MaxInc}

(* The member at n takes a step: the one place where members change.       *)
(* (The \E over one element makes the checker evaluate the step once.)     *)
Step(n, event, step, rest) ==
    \E after \in {step} :
        /\ st' = [st EXCEPT ![n] = after.state]
        /\ net' = rest \cup after.out
        /\ gen' = [gen EXCEPT ![n] = IF after.state.id.g > @ THEN after.state.id.g ELSE @]
        /\ dead' = dead \cup {[n |-> n, a |-> x, g |-> after.state.mem[x].g] : x \in GoneOf(after.state)}
        /\ flaw' = flaw \cup Flaws(st[n], event, after)
        /\ UNCHANGED run

Init ==
    /\ st = [x \in Node |-> Fresh(x, 1)]
    /\ run = Node
    /\ net = {}
    /\ gen = [x \in Node |-> 1]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}

(* Each member knows each other: the state in which most trouble begins.   *)
Joined(address) ==
    [Fresh(address, 1) EXCEPT
        !.conn = "active",
        !.mem = [y \in Node |-> IF y = address THEN None ELSE Rec(1, 0, "alive")]]

InitJoined ==
    /\ st = [x \in Node |-> Joined(x)]
    /\ run = Node
    /\ net = {}
    /\ gen = [x \in Node |-> 1]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}

(* The network. *)

(* Whether p says that its receiver is Down, or suspects it beyond refuting. *)
(* R13.3, R13.5: if a Down can be refuted, only one at the last incarnation *)
(* does, and a newer generation at the address.                            *)
Condemns(p) ==
    LET us == p.ups[p.dst.a]
        isBeyond == us.st \in {"suspect", "down"} /\ us.i >= LastInc
    IN IF CanRefute
       THEN us.g > p.dst.g \/ (us.g = p.dst.g /\ isBeyond)
       ELSE us.g = p.dst.g /\ (us.st = "down" \/ isBeyond)

EventOf(p) ==
    CASE p.k = "turnundead" /\ (~CanRefute \/ Condemns(p)) -> "receive-turnundead"
      [] p.k = "turnundead" /\ CanRefute /\ ~Condemns(p)    -> "receive-reproach"
      [] p.k # "turnundead" /\ Condemns(p)                  -> "receive-verdict"
      [] OTHER                                              -> "receive"

Deliver(p) ==
    /\ p \in net /\ p.dst.a \in run
    /\ Step(p.dst.a, EventOf(p), Receive(st[p.dst.a], p), net \ {p})
    /\ UNCHANGED fuel

Repeat(p) ==
    /\ Has("dup") /\ p \in net /\ p.dst.a \in run
    /\ Step(p.dst.a, EventOf(p), Receive(st[p.dst.a], p), net)
    /\ Burn("dup")

Lose(p) ==
    /\ Has("loss") /\ p \in net
    /\ net' = net \ {p}
    /\ Burn("loss")
    /\ UNCHANGED <<st, run, gen, dead, flaw>>

(* A packet to a process that does not run is lost. *)
Vanish(p) ==
    /\ p \in net /\ p.dst.a \notin run
    /\ net' = net \ {p}
    /\ UNCHANGED <<st, run, gen, dead, flaw, fuel>>

(* What a member does by itself. *)
Ping(n, m) ==
    /\ Has("ping") /\ n \in run /\ st[n].conn = "active" /\ IsActive(st[n].mem[m])
    /\ LET p == PingOf(st[n], "ping", IdOf(st[n], m))
       IN p \notin net /\ Step(n, "own", Put(Start(st[n]), {p}), net)
    /\ Burn("ping")

(* A probe of m by n cannot succeed: m does not run, has another identity  *)
(* than n knows, or is defunct.                                            *)
Deaf(n, m) ==
    \/ m \notin run
    \/ st[m].id.g # st[n].mem[m].g
    \/ st[m].conn = "defunct"

FailedProbe(n, m) ==
    /\ n \in run /\ st[n].conn = "active" /\ st[n].mem[m].st = "alive" /\ Deaf(n, m)
    /\ Step(n, "own", Suspect(st[n], m), net)
    /\ UNCHANGED fuel

FalseSuspicion(n, m) ==
    /\ Has("suspect")
    /\ n \in run /\ st[n].conn = "active" /\ st[n].mem[m].st = "alive" /\ ~Deaf(n, m)
    /\ Step(n, "own", Suspect(st[n], m), net)
    /\ Burn("suspect")

Timeout(n, t) ==
    /\ n \in run /\ t \in st[n].susp
    /\ ~On("R12.11") \/ st[n].conn = "active" \/ st[n].mem[t.a].st # "suspect"
    /\ Step(n, "expire", Expire(st[n], t), net)
    /\ UNCHANGED fuel

ForgetDown(n, t) ==
    /\ Has("forget") /\ n \in run /\ t \in st[n].rem
    /\ Step(n, "forget", Forget(st[n], t), net)
    /\ Burn("forget")

ForgetTombstone(n, a) ==
    /\ Has("unbury") /\ n \in run /\ st[n].tomb[a] # NoTomb
    /\ Step(n, "own", Unbury(st[n], a), net)
    /\ Burn("unbury")

AskDown(n) ==
    /\ Has("ask") /\ n \in run /\ MayAnnounceDown(st[n]) /\ DownOf(st[n]) \ {n} # {}
    /\ LET step == AnnounceDown(st[n]) IN ~(step.out \subseteq net) /\ Step(n, "own", step, net)
    /\ Burn("ask")

Spend(n, a) ==
    /\ Has("spend") /\ n \in run /\ st[n].up[a] # None
    /\ Step(n, "own", Start([st[n] EXCEPT !.up[a] = None]), net)
    /\ Burn("spend")

(* What callers ask for. *)
Join(n, m) ==
    /\ Has("join") /\ n \in run /\ n # m /\ ~(On("R12.6") /\ st[n].left)
    /\ Step(n, "caller", Announce(st[n], [a |-> m, g |-> 0]), net)
    /\ Burn("join")

CallLeave(n) ==
    /\ Has("leave") /\ n \in run /\ ~st[n].left
    /\ Step(n, "caller", Leave(st[n]), net)
    /\ Burn("leave")

CallReuse(n) ==
    /\ Has("reuse") /\ n \in run /\ st[n].conn = "defunct"
    /\ Step(n, "caller", Reuse(st[n]), net)
    /\ Burn("reuse")

CallChange(n) ==
    /\ Has("change") /\ n \in run
    /\ Step(n, "caller", Assume(Start(st[n]), st[n].id.g + 1), net)
    /\ Burn("change")

Crash(n) ==
    /\ Has("crash") /\ n \in run
    /\ run' = run \ {n}
    /\ st' = [st EXCEPT ![n] = Fresh(n, gen[n])]
    /\ Burn("crash")
    /\ UNCHANGED <<net, gen, dead, flaw>>

(* R12.12: with a newer generation than ever before; without it, with the last. *)
Restart(n) ==
    /\ Has("restart") /\ n \notin run
    /\ run' = run \cup {n}
    /\ LET next == IF On("R12.12") THEN gen[n] + 1 ELSE gen[n]
       IN st' = [st EXCEPT ![n] = Fresh(n, next)] /\ gen' = [gen EXCEPT ![n] = next]
    /\ Burn("restart")
    /\ UNCHANGED <<net, dead, flaw>>

(* A process that restarts with a clock behind has its first generation.   *)
RestartBehind(n) ==
    /\ Has("backdate") /\ n \notin run
    /\ run' = run \cup {n}
    /\ st' = [st EXCEPT ![n] = Fresh(n, 1)]
    /\ Burn("backdate")
    /\ UNCHANGED <<net, gen, dead, flaw>>

Next ==
    \/ \E p \in net : Deliver(p) \/ Repeat(p) \/ Lose(p) \/ Vanish(p)
    \/ \E n \in Node : \/ AskDown(n) \/ CallLeave(n) \/ CallReuse(n) \/ CallChange(n)
                       \/ Crash(n) \/ Restart(n) \/ RestartBehind(n)
                       \/ \E m \in Node : \/ Ping(n, m) \/ FailedProbe(n, m) \/ FalseSuspicion(n, m)
                                          \/ Join(n, m) \/ Spend(n, m) \/ ForgetTombstone(n, m)
                       \/ \E t \in st[n].susp : Timeout(n, t)
                       \/ \E t \in st[n].rem : ForgetDown(n, t)

Spec == Init /\ [][Next]_vars
SpecJoined == InitJoined /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Safety.  Where the core checks the same, it is under the same name.     *)

NoPeerIsOurselves ==
    \A n \in run : st[n].mem[n].st = "none" \/ st[n].mem[n].g # st[n].id.g

NoRecordAtOurAddress == \A n \in run : ~IsActive(st[n].mem[n])

ConnectionAgreesWithTable ==
    \A n \in run : st[n].conn # "defunct" =>
        (((st[n].conn = "active") <=> (ActiveOf(st[n]) # {})) /\ ~st[n].left)

DownHasNoIncarnation ==
    \A n \in run, a \in Node : st[n].mem[a].st = "down" => st[n].mem[a].i = 0

EverySuspectHasATimer ==
    \A n \in run, a \in Node : st[n].mem[a].st = "suspect" =>
        [a |-> a, g |-> st[n].mem[a].g, i |-> st[n].mem[a].i] \in st[n].susp

EveryDownHasATimer ==
    \A n \in run, a \in Node : st[n].mem[a].st = "down" =>
        [a |-> a, g |-> st[n].mem[a].g, i |-> st[n].mem[a].i] \in st[n].rem

OwnDownIsNotSpread ==
    \A n \in run : st[n].conn # "defunct" =>
        st[n].up[n].st = "none" \/ st[n].up[n].g # st[n].id.g

(* Part of the core's TombstonesAreBounded. *)
TombstonesStandForUnknownMembers ==
    \A n \in run, a \in Node : st[n].tomb[a] # NoTomb => st[n].mem[a].st = "none"

(* No member knows a generation that its address has not reached. *)
GenerationsWereReached ==
    \A n \in run, a \in Node : st[n].mem[a].g <= gen[a]

(* Within a generation no record is ahead of the incarnation of its owner. *)
IncarnationsWereReceived ==
    \A n \in run, a \in run :
        (IsActive(st[n].mem[a]) /\ st[n].mem[a].g = st[a].id.g) => st[n].mem[a].i <= st[a].inc

(* Down gives way only to a newer generation; not even forgetting brings it back. *)
DownIsFinal ==
    \A n \in run, a \in Renewable :
        IsActive(st[n].mem[a]) => [n |-> n, a |-> a, g |-> st[n].mem[a].g] \notin dead

(* A packet for an earlier life changes nothing (R9.3). *)
EarlierLivesAreDeaf ==
    \A p \in net : (p.dst.a \in run /\ p.k # "announce" /\ p.dst # st[p.dst.a].id) =>
        Receive(st[p.dst.a], p).state = st[p.dst.a]

(* A member that hears of a suspicion of itself is ahead of it then (R5.2). *)
SuspicionsAreRefuted ==
    \A p \in net : p.dst.a \in run =>
        LET heard == st[p.dst.a]
            then == Receive(heard, p).state
            said == p.ups[p.dst.a]
        IN (/\ p.dst = heard.id /\ heard.conn # "defunct"
            /\ then.id = heard.id /\ then.conn # "defunct" /\ Knows(then, p.src)
            /\ said.st = "suspect" /\ said.g = heard.id.g) => then.inc > said.i

(* A timer ends the suspicion that it was set for, and no other (R7.5). *)
TimersEndTheirOwnSuspicion ==
    \A n \in run : \A t \in st[n].susp :
        LET known == st[n].mem[t.a]
        IN (Expire(st[n], t).state.mem[t.a].st = "down" /\ known.st # "down") => (known.g = t.g /\ known.i = t.i)

(* Properties of steps: what Flaws found. *)
TurnUndeadOnlyToDown == "TurnUndeadOnlyToDown" \notin flaw
DepartedIsSilent == "DepartedIsSilent" \notin flaw
OurIncarnationOnlyGrows == "OurIncarnationOnlyGrows" \notin flaw
ProbesAreOfPeers == "ProbesAreOfPeers" \notin flaw
EventsMatchTable == "EventsMatchTable" \notin flaw
RecordsMoveForward == "RecordsMoveForward" \notin flaw

(* A timer takes only a Suspect to Down (R12.1, R12.13). *)
OnlySuspectsExpire == "OnlySuspectsExpire" \notin flaw

(* A member that left comes back only by its caller (R12.6). *)
LeavingIsFinal == "LeavingIsFinal" \notin flaw

(* A TurnUndead is answered with one only under a new identity (R12.4). *)
NoTurnUndeadStorm == "NoTurnUndeadStorm" \notin flaw

(* A member gives up its identity only if told that it is Down, or         *)
(* suspected at the highest incarnation (R5.3, R12.9).                     *)
OnlyAVerdictEndsUs == "OnlyAVerdictEndsUs" \notin flaw

(* A ping of a suspect tells it of the suspicion (R12.14). *)
SuspectsAreTold == "SuspectsAreTold" \notin flaw
=============================================================================
