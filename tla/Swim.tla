-------------------------------- MODULE Swim --------------------------------
(***************************************************************************)
(* The membership protocol of Swim, rule by rule (spec/protocol.md).       *)
(*                                                                         *)
(* Part 1 is one member: pure operators from (what it knows, what happens) *)
(* to (what it knows then, what it sends, what it notifies).  Each carries *)
(* its rule number and stands for one function of Swim.Core.               *)
(* Part 2 is the world around the members: a network that delays, reorders,*)
(* loses and repeats, probes that fail, processes that crash, restart,     *)
(* leave and come back.                                                    *)
(*                                                                         *)
(* Fix is the set of amendments (R12) that are switched on.  With all of   *)
(* them this is the protocol that we run; with none it is the seed's.      *)
(*                                                                         *)
(* Abstractions: an identity is an address and a generation.  A packet     *)
(* carries the whole backlog.  That an update had its last transmission is *)
(* an action of its own (Spend).  Ack, ForwardedAck, Gossip and Broadcast  *)
(* are one kind, "data".  A timer is a member of a set; an old token is a  *)
(* timer that is not in the set.  Choices of members are of all members.   *)
(* The probe cycle has a module of its own, SwimProbe: the world here      *)
(* sends no indirect message, but a member takes and answers each.         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences

CONSTANTS
    Node,       \* the addresses: 1 .. N
    Fix,        \* the amendments that are on, such as "R12.1"
    Renewable,  \* the addresses whose identities can renew themselves (R1.1)
    MaxInc,     \* the highest incarnation (65,535 in the code)
    \* How often the environment may do each of its deeds:
    Joins, Pings, Asks, Suspicions, Losses, Repeats, Spends, Forgets, Unburials,
    Leaves, Reuses, Changes, Crashes, Restarts

All == {"R12.1", "R12.2", "R12.3", "R12.4", "R12.5", "R12.6", "R12.7",
        "R12.8", "R12.9", "R12.11", "R12.12", "R12.14"}

On(amendment) == amendment \in Fix

-----------------------------------------------------------------------------
(* Records.  R2.1: a record about an address is a generation, an           *)
(* incarnation and a status; None is no record.                            *)

None == [g |-> 0, i |-> 0, st |-> "none"]
Rec(rg, ri, rs) == [g |-> rg, i |-> ri, st |-> rs]
DownRec(dg) == Rec(dg, 0, "down")
IsActive(ar) == ar.st \in {"alive", "suspect"}

(* R12.8: a Down record has incarnation 0.  Member.create *)
Normal(nr) == IF On("R12.8") /\ nr.st = "down" THEN [nr EXCEPT !.i = 0] ELSE nr

(* R2.2: whether u replaces k, both of one identity.  Member.supersedes *)
Supersedes(k, u) ==
    CASE k.st = "down"                        -> FALSE
      [] u.st = "down"                        -> TRUE
      [] k.st = "alive" /\ u.st = "suspect"   -> u.i >= k.i
      [] OTHER                                -> u.i > k.i

-----------------------------------------------------------------------------
(* One member.  s is what it knows:                                        *)
(*   id     who it is: [a |-> address, g |-> generation]                   *)
(*   inc    its incarnation                                                *)
(*   conn   "idle", "active" or "defunct" (R4.1)                           *)
(*   left   whether it is defunct because it left (R12.6)                  *)
(*   await  whether "active" is still to be notified (R12.2)               *)
(*   mem    the table: a record or None for each address                   *)
(*   tomb   the generation that was forgotten, 0 for none (R12.7)          *)
(*   up     the backlog: the update that waits about each address, or None *)
(*   susp   the suspicion timers that are out: [a, g, i]                   *)
(*   rem    the removal timers that are out: [a, g]                        *)
(* w is a step under way: [s, o, n]: s so far, messages out, notifications.*)

Start(ws) == [s |-> ws, o |-> {}, n |-> <<>>]
Put(pw, pm) == [pw EXCEPT !.o = @ \cup pm]
Say(yw, ykind, ya, yg) == [yw EXCEPT !.n = Append(@, [k |-> ykind, a |-> ya, g |-> yg])]

Fresh(fa, fg) ==
    [id |-> [a |-> fa, g |-> fg], inc |-> 0, conn |-> "idle", left |-> FALSE,
     await |-> FALSE, mem |-> [x \in Node |-> None], tomb |-> [x \in Node |-> 0],
     up |-> [x \in Node |-> None], susp |-> {}, rem |-> {}]

ActiveOf(as) == {x \in Node : IsActive(as.mem[x])}
DownOf(ds) == {x \in Node : ds.mem[x].st = "down"}
IdOf(is, ia) == [a |-> ia, g |-> is.mem[ia].g]
NoUpdates == [x \in Node |-> None]

(* R8.5: what a packet is: kind, sender, receiver, the third member that   *)
(* an indirect message or a ForwardedAck names, and updates.               *)
NoOne == [a |-> 0, g |-> 0]
Packet(ks, kk, kd, ku) ==
    [k |-> kk, src |-> ks.id, si |-> ks.inc, dst |-> kd, to |-> NoOne, ups |-> ku]
Naming(kp, kn) == [kp EXCEPT !.to = kn]

(* R12.14: what is sent to a suspect tells it so, whatever the backlog holds. *)
Carried(cs, cd) ==
    IF On("R12.14") /\ cs.mem[cd.a].st = "suspect" /\ cs.mem[cd.a].g = cd.g
    THEN [cs.up EXCEPT ![cd.a] = cs.mem[cd.a]]
    ELSE cs.up

(* R7.2, R8.5: are you there?  ck is "ping" or "indirectping".             *)
(* Sending.sendPing                                                  *)
PingOf(cs1, ck, cd1) == Packet(cs1, ck, cd1, Carried(cs1, cd1))

(* R8.2: to some active members, or to all.  Sending.gossip *)
GossipTo(gs, gc) == {Packet(gs, "data", IdOf(gs, x), gs.up) : x \in gc}
Gossip(gw) == Put(gw, GossipTo(gw.s, ActiveOf(gw.s)))

(* R4.3, R4.4: the timers of this life are over.  The suspicions that      *)
(* stand get their time again in the next one (R12.11).  ConnectionRules.endTimers *)
EndTimers(es) ==
    [es EXCEPT !.await = FALSE, !.susp = IF On("R12.11") THEN @ ELSE {}]

(* R4: the connection follows the table.  ConnectionRules.adjust *)
Adjust(jw) ==
    LET js == jw.s
        some == ActiveOf(js) # {}
    IN CASE js.conn = "idle" /\ some ->
              Say([jw EXCEPT !.s.conn = "active"], "active", js.id.a, js.id.g)
         [] js.conn = "active" /\ ~some ->
              Say([jw EXCEPT !.s = EndTimers([js EXCEPT !.conn = "idle"])], "idle", js.id.a, js.id.g)
         [] OTHER -> jw

(* R4.4.  ConnectionRules.becomeDefunct *)
BecomeDefunct(bw) ==
    IF bw.s.conn = "defunct" THEN bw
    ELSE Say([bw EXCEPT !.s = EndTimers([bw.s EXCEPT !.conn = "defunct"])],
             "defunct", bw.s.id.a, bw.s.id.g)

(* R3.1 to R3.3: what follows from a changed record.  Merging.follow         *)
(* own says whether the suspicion is our own: without R12.11 only then is  *)
(* there a timer.                                                          *)
Follow(ow, oa, ou, obc, own) ==
    LET os == ow.s
        old == os.mem[oa]
        new == [os EXCEPT
                 !.mem[oa] = ou,
                 !.tomb[oa] = 0,
                 !.up[oa] = IF obc THEN ou ELSE @,
                 !.susp = IF ou.st = "suspect" /\ (own \/ On("R12.11"))
                          THEN @ \cup {[a |-> oa, g |-> ou.g, i |-> ou.i]} ELSE @,
                 !.rem = IF ou.st = "down" THEN @ \cup {[a |-> oa, g |-> ou.g]} ELSE @]
        w1 == [ow EXCEPT !.s = new]
        w2 == IF old.st # "none" /\ old.g # ou.g THEN Say(w1, "rename", oa, ou.g) ELSE w1
    IN CASE ~IsActive(old) /\ IsActive(ou) -> Say(w2, "up", oa, ou.g)
         [] IsActive(old) /\ ~IsActive(ou) -> Say(w2, "down", oa, ou.g)
         [] OTHER -> w2

(* R12.7: a tombstone stands against all that is not newer.  Merging.isBuried *)
Buried(us, ua, ug, umay) ==
    /\ On("R12.7")
    /\ us.tomb[ua] # 0
    /\ \/ us.tomb[ua] = ug /\ ~umay
       \/ us.tomb[ua] > ug

(* R2, R3: one update about someone else.  Merging.update *)
Update(pw0, pa, pu0, pbc, pmay, pown) ==
    LET ps == pw0.s
        pk == ps.mem[pa]
        pu == Normal(pu0)
    IN CASE pk.st = "none" -> IF Buried(ps, pa, pu.g, pmay) THEN pw0 ELSE Follow(pw0, pa, pu, pbc, pown)
         [] pk.st # "none" /\ pk.g = pu.g -> IF Supersedes(pk, pu) THEN Follow(pw0, pa, pu, pbc, pown) ELSE pw0
         [] pk.st # "none" /\ pk.g > pu.g -> pw0
         [] OTHER -> Follow(pw0, pa, pu, pbc, pown)

(* Whether exactly this identity is active.  MemberTable.isActive *)
Knows(ns, nid) == ns.mem[nid.a].g = nid.g /\ IsActive(ns.mem[nid.a])

-----------------------------------------------------------------------------
(* Ourselves: R5 and R6.                                                   *)

(* R6.2: a new life.  ConnectionRules.reset *)
Reset(rw) ==
    LET rs0 == EndTimers([rw.s EXCEPT !.inc = 0, !.left = FALSE])
        goes == On("R12.2") /\ ActiveOf(rs0) # {}
    IN [rw EXCEPT !.s = [rs0 EXCEPT !.conn = IF goes THEN "active" ELSE "idle", !.await = goes]]

(* R6.2: goes on as generation tg.  OwnIdentity.assume.  The address stays;  *)
(* the record that may be known for it is of an earlier generation.  A     *)
(* batch that takes the last active member down before it names us ends the*)
(* active part of the old life, which is told.                             *)
Assume(tw, tg) ==
    LET ts == tw.s
        was == ts.conn = "defunct"
        next == Reset([tw EXCEPT !.s.id.g = tg])
        over == ts.conn = "active" /\ ActiveOf(ts) = {}
        ended == IF over THEN Say(next, "idle", ts.id.a, ts.id.g) ELSE next
        told == IF was THEN ended ELSE [ended EXCEPT !.s.up[ts.id.a] = DownRec(ts.id.g)]
    IN Gossip(told)

CanRenew(vs) == vs.id.a \in Renewable

(* R5.3: declared down: renew, or be defunct.  OwnIdentity.declaredDown      *)
(* R12.6: only the caller leads out of defunct.                            *)
DeclaredDown(lw) ==
    LET ls == lw.s
        mayRejoin == IF On("R12.6") THEN ls.conn # "defunct" ELSE TRUE
    IN IF ~mayRejoin THEN lw
       ELSE IF CanRenew(ls)
            THEN LET renewed == Assume(lw, ls.id.g + 1)
                 IN Say(renewed, "rejoin", ls.id.a, ls.id.g + 1)
            ELSE BecomeDefunct(lw)

(* R5.2, R12.9: suspected.  OwnIdentity.suspected *)
Suspected(qw, qi) ==
    LET qs == qw.s
        highest == IF qs.inc > qi THEN qs.inc ELSE qi
        forced == IF On("R12.9") THEN qi = MaxInc ELSE highest = MaxInc
    IN IF forced THEN DeclaredDown(qw)
       ELSE Gossip([qw EXCEPT !.s.inc = IF qs.inc <= qi THEN qi + 1 ELSE @])

(* R5: what others say of us.  OwnIdentity.update *)
SelfUpdate(xw, xi, xst) ==
    IF On("R12.6") /\ xw.s.conn = "defunct" THEN xw
    ELSE CASE xst = "suspect" -> Suspected(xw, xi)
           [] xst = "down"    -> DeclaredDown(xw)
           [] OTHER           -> xw

(* R6.1: leaves.  OwnIdentity.leave *)
Leave(hs) ==
    IF hs.left THEN Start(hs)
    ELSE LET h1 == Gossip(Start([hs EXCEPT !.up[hs.id.a] = DownRec(hs.id.g)]))
         IN BecomeDefunct([h1 EXCEPT !.s.left = TRUE])

(* R6.3, R12.5: back in.  OwnIdentity.reuseDownIdentity *)
Reuse(zs) ==
    IF On("R12.5") /\ CanRenew(zs)
    THEN Say(Assume(Start(zs), zs.id.g + 1), "rejoin", zs.id.a, zs.id.g + 1)
    ELSE Reset(Start(IF On("R12.5") /\ zs.up[zs.id.a].g = zs.id.g
                     THEN [zs EXCEPT !.up[zs.id.a] = None] ELSE zs))

-----------------------------------------------------------------------------
(* Receiving: R3.4 and R9.                                                 *)

(* R3.4: one update about whomever.  Receiving.merge *)
Merge(mw, ma, mu) ==
    CASE mu.st = "none" -> mw
      [] mu.st # "none" /\ ma # mw.s.id.a -> Update(mw, ma, mu, TRUE, FALSE, FALSE)
      [] mu.st # "none" /\ ma = mw.s.id.a /\ mu.g = mw.s.id.g -> SelfUpdate(mw, mu.i, mu.st)
      [] OTHER -> Update(mw, ma, DownRec(mu.g), TRUE, FALSE, FALSE)

(* R3.4: a batch, in a given order of addresses.  Receiving.applyMany *)
RECURSIVE MergeFrom(_, _, _, _)
MergeFrom(aw, ai, ao, aups) ==
    IF ai > Len(ao) THEN aw
    ELSE MergeFrom(Merge(aw, ao[ai], aups[ao[ai]]), ai + 1, ao, aups)

ApplyMany(bw0, bo, bups) == Adjust(MergeFrom(bw0, 1, bo, bups))

(* The order of the models.  Whoever follows a packet that was sent takes  *)
(* the order on the wire.                                                  *)
ByAddress == [x \in 1 .. Cardinality(Node) |-> x]

(* R12.2: a message addressed to our identity arrived.  ConnectionRules.acknowledge *)
Acknowledge(kw, kdst) ==
    IF kw.s.await /\ kdst = kw.s.id
    THEN Say([kw EXCEPT !.s.await = FALSE], "active", kw.s.id.a, kw.s.id.g)
    ELSE kw

(* R9.4, R12.4: the sender is not active here.  Receiving.distrust *)
Distrust(iw, im) ==
    LET turn == im.k = "turnundead"
        i1 == IF turn THEN DeclaredDown(iw) ELSE iw
        mayAnswer == IF On("R12.4") THEN ~turn \/ i1.s.id # iw.s.id ELSE TRUE
        silent == On("R12.6") /\ i1.s.left
    IN IF mayAnswer /\ ~silent
       THEN Put(i1, {Packet(i1.s, "turnundead", im.src, NoUpdates)})
       ELSE i1

(* R8.5: all active members but the receiver.  Sending.feed *)
FeedFor(ds0, dd) ==
    [x \in Node |-> IF IsActive(ds0.mem[x]) /\ IdOf(ds0, x) # dd THEN ds0.mem[x] ELSE None]

(* R12.6: what a member that left answers: that it is Down, to who asks.   *)
(* Receiving.answerAsLeft                                                  *)
AnswerAsLeft(fw, fm) ==
    IF fm.k \in {"announce", "ping", "pingreq", "indirectping"}
    THEN Put(fw, {Packet(fw.s, "data", fm.src, [NoUpdates EXCEPT ![fw.s.id.a] = DownRec(fw.s.id.g)])})
    ELSE fw

(* R8.5, R9.6: the answer of one that takes part.  Receiving.answerAsActive *)
AnswerAsActive(dw, dm) ==
    LET es0 == dw.s
    IN CASE dm.k = "announce"     -> Put(dw, {Packet(es0, "feed", dm.src, FeedFor(es0, dm.src))})
         [] dm.k = "ping"         -> Put(dw, {Packet(es0, "data", dm.src, es0.up)})
         [] dm.k = "pingreq"      -> Put(dw, {Naming(PingOf(es0, "indirectping", dm.to), dm.src)})
         [] dm.k = "indirectping" -> Put(dw, {Naming(Packet(es0, "indirectack", dm.src, es0.up), dm.to)})
         [] dm.k = "indirectack"  -> Put(dw, {Naming(Packet(es0, "data", dm.to, es0.up), dm.src)})
         [] dm.k = "turnundead"   -> DeclaredDown(dw)
         [] OTHER                 -> dw

(* R9.6: the answer.  Receiving.answer *)
Answer(ew, em) ==
    CASE On("R12.6") /\ ew.s.left                             -> AnswerAsLeft(ew, em)
      [] ~(On("R12.6") /\ ew.s.left) /\ ew.s.conn = "active" -> AnswerAsActive(ew, em)
      [] OTHER                                                -> ew

(* R9.2 to R9.6: a packet whose updates come in the order co.  A packet of *)
(* our own address, to somebody else, or that names us as its third member *)
(* (R9.3) changes nothing.  Receiving.receive                              *)
ReceiveInOrder(cs0, cm, co) ==
    LET forUs == cm.dst = cs0.id \/ (cm.k = "announce" /\ cm.dst.a = cs0.id.a)
        may == cm.k = "announce" /\ cm.src.a \notin Renewable
        heard == Update(Start(cs0), cm.src.a, Rec(cm.src.g, cm.si, "alive"), TRUE, may, FALSE)
    IN IF cm.src.a = cs0.id.a \/ ~forUs \/ cm.to.a = cs0.id.a THEN Start(cs0)
       ELSE IF ~Knows(heard.s, cm.src) THEN Distrust(heard, cm)
       ELSE Answer(Acknowledge(ApplyMany(heard, co, cm.ups), cm.dst), cm)

Receive(cs2, cm2) == ReceiveInOrder(cs2, cm2, ByAddress)

-----------------------------------------------------------------------------
(* Suspicion, and its timers: R7.                                          *)

(* R7.2: our probe of address fa0 failed.  fr0 is the record that it had   *)
(* when the probe began: one that refuted meanwhile is not suspected.      *)
(* Merging.suspect                                                           *)
SuspectAs(fs0, fa0, fr0) ==
    IF fs0.mem[fa0].st # "none" /\ fs0.mem[fa0].g = fr0.g
    THEN Update(Start(fs0), fa0, Rec(fr0.g, fr0.i, "suspect"), TRUE, FALSE, TRUE)
    ELSE Start(fs0)

(* The same where nothing was heard of it since.                           *)
Suspect(fs, fa1) == SuspectAs(fs, fa1, fs.mem[fa1])

(* R7.5, R12.1, R12.13: a suspicion had its time.  Merging.expire *)
Expire(gs0, gt) ==
    LET gr == gs0.mem[gt.a]
        stands == gr.g = gt.g /\ gr.i = gt.i /\ gr.st = "suspect"
        gone == [gs0 EXCEPT !.susp = @ \ {gt}]
        down == Adjust(Update(Start(gone), gt.a, DownRec(gt.g), TRUE, FALSE, FALSE))
        old == IF gr.st # "none" /\ gr.i = gt.i
               THEN Adjust(Update(Start(gone), gt.a, Rec(gt.g, gt.i, "down"), TRUE, FALSE, FALSE))
               ELSE Start(gone)
        told(tw0) == Put(tw0, {Packet(tw0.s, "turnundead", [a |-> gt.a, g |-> gt.g], NoUpdates)})
    IN IF On("R12.1")
       THEN IF ~stands THEN Start(gone)
            ELSE IF gs0.conn = "active" THEN told(down)
            ELSE Start(gs0)    \* set again (R12.11)
       ELSE IF gr.st # "none" THEN told(old) ELSE Start(gone)

(* R7.6, R12.7: a Down member is forgotten.  Merging.forget *)
Forget(ks0, kt) ==
    LET kr == ks0.mem[kt.a]
        gone == [ks0 EXCEPT !.rem = @ \ {kt}]
    IN Start(IF kr.st = "down" /\ kr.g = kt.g
             THEN [gone EXCEPT !.mem[kt.a] = None,
                               !.tomb[kt.a] = IF On("R12.7") THEN kt.g ELSE 0]
             ELSE gone)

(* R12.7: a tombstone had its time.  Merging.expireTombstone *)
Unbury(ls0, la) == Start([ls0 EXCEPT !.tomb[la] = 0])

(* R8.1.  Generation 0 stands for whoever is at the address.               *)
Announce(ms0, md) == Put(Start(ms0), {Packet(ms0, "announce", md, NoUpdates)})

(* R8.4: to some members of the table.  PeriodicTasks.announce *)
AnnounceTo(ns1, nc) ==
    Put(Start(ns1), {Packet(ns1, "announce", IdOf(ns1, x), NoUpdates) : x \in nc})

(* R8.4, R12.3: to the Down members, while idle too.  PeriodicTasks.announceDown *)
AnnounceDown(ns0) == AnnounceTo(ns0, DownOf(ns0) \ {ns0.id.a})

MayAnnounceDown(os0) == os0.conn = "active" \/ (On("R12.3") /\ os0.conn = "idle")

-----------------------------------------------------------------------------
(* Part 2: the world.                                                      *)

VARIABLES
    st,      \* what the member at each address knows
    run,     \* the addresses whose process runs
    net,     \* the packets under way: a set, so any order is possible
    gen,     \* the highest generation that each address has reached
    fuel,    \* what the environment may still do
    dead,    \* [n, a, g]: n has held generation g of a for Down
    flaw     \* the step properties that were broken

Fuel == [join |-> Joins, ping |-> Pings, ask |-> Asks, suspect |-> Suspicions,
         loss |-> Losses, dup |-> Repeats, spend |-> Spends, forget |-> Forgets,
         unbury |-> Unburials, leave |-> Leaves, reuse |-> Reuses,
         change |-> Changes, crash |-> Crashes, restart |-> Restarts]

vars == <<st, run, net, gen, fuel, dead, flaw>>

Kinds == {"data", "ping", "announce", "feed", "turnundead"}
IndirectKinds == {"pingreq", "indirectping", "indirectack"}

Has(fk) == fuel[fk] > 0
Burn(bk) == fuel' = [fuel EXCEPT ![bk] = @ - 1]

(* The up and down notifications about vx in vn come in turn, from what was *)
(* to what is (R3.3).                                                      *)
InTurn(vb, vw, vx) ==
    LET told == {j \in DOMAIN vw.n : vw.n[j].k \in {"up", "down"} /\ vw.n[j].a = vx}
        was == IF IsActive(vb.mem[vx]) THEN 1 ELSE 0
        upAfter(vj) == (was + Cardinality({k \in told : k <= vj})) % 2 = 1
    IN /\ \A j \in told : (vw.n[j].k = "up") <=> upAfter(j)
       /\ IsActive(vw.s.mem[vx]) <=> upAfter(Len(vw.n))

(* What may become of a record in one step (R2.2, R2.3, R7.6).             *)
Forward(rb, ra, revent) ==
    CASE rb.st = "none"                    -> TRUE
      [] ra.st = "none"                    -> rb.st = "down" /\ revent = "forget"
      [] ra.st # "none" /\ ra.g = rb.g     -> ra = rb \/ Supersedes(rb, ra)
      [] OTHER                             -> ra.g > rb.g

(* What must hold of every step of a member, seen from outside.            *)
(* event: "receive", "receive-turnundead", "receive-verdict" (it says of   *)
(* us what R5.3 may answer), "expire", "forget", "own" or "caller".        *)
Flaws(before, event, after) ==
    LET undead == {q \in after.o : q.k = "turnundead"}
        pings == {q \in after.o : q.k \in {"ping", "indirectping"}}
        same == after.s.id = before.id
    IN (IF \E q \in undead : Knows(after.s, q.dst) THEN {"TurnUndeadOnlyToDown"} ELSE {})
       \cup
       (IF event = "expire" /\ \E x \in Node :
             /\ after.s.mem[x].st = "down"
             /\ before.mem[x].st = "alive"
        THEN {"OnlySuspectsExpire"} ELSE {})
       \cup
       (IF event = "receive-turnundead" /\ same /\ undead # {}
        THEN {"NoTurnUndeadStorm"} ELSE {})
       \cup
       (IF before.left /\ event # "caller" /\
           \/ ~after.s.left
           \/ \E q \in after.o : q.ups # [NoUpdates EXCEPT ![before.id.a] = DownRec(before.id.g)]
        THEN {"DepartedIsSilent"} ELSE {})
       \cup
       (IF before.left /\ event # "caller" /\ ~(same /\ after.s.left /\ after.s.conn = "defunct")
        THEN {"LeavingIsFinal"} ELSE {})
       \cup
       (IF event # "caller" /\ same /\ after.s.inc < before.inc
        THEN {"OurIncarnationOnlyGrows"} ELSE {})
       \cup
       (IF event \notin {"caller", "receive-turnundead", "receive-verdict"} /\
           \/ ~same
           \/ after.s.conn = "defunct" /\ before.conn # "defunct"
        THEN {"OnlyAVerdictEndsUs"} ELSE {})
       \cup
       (IF \E q \in pings : (q.k = "ping" /\ ~Knows(after.s, q.dst)) \/ q.dst.a = after.s.id.a
        THEN {"ProbesAreOfPeers"} ELSE {})
       \cup
       (IF \E q \in pings : /\ after.s.mem[q.dst.a].st = "suspect"
                            /\ after.s.mem[q.dst.a].g = q.dst.g
                            /\ q.ups[q.dst.a] # after.s.mem[q.dst.a]
        THEN {"SuspectsAreTold"} ELSE {})
       \cup
       (IF \E x \in Node : ~InTurn(before, after, x)
        THEN {"NotificationsMatchTable"} ELSE {})
       \cup
       (IF \E x \in Node : ~Forward(before.mem[x], after.s.mem[x], event)
        THEN {"RecordsMoveForward"} ELSE {})

(* The member at n takes a step: the one place where members change.       *)
(* (The \E over one element makes the checker work the step out only once.) *)
Step(n, event, step, rest) ==
    \E w \in {step} :
        /\ st' = [st EXCEPT ![n] = w.s]
        /\ net' = rest \cup w.o
        /\ gen' = [gen EXCEPT ![n] = IF w.s.id.g > @ THEN w.s.id.g ELSE @]
        /\ dead' = dead \cup {[n |-> n, a |-> x, g |-> w.s.mem[x].g] : x \in DownOf(w.s)}
        /\ flaw' = flaw \cup Flaws(st[n], event, w)
        /\ UNCHANGED run

Init ==
    /\ st = [x \in Node |-> Fresh(x, 1)]
    /\ run = Node
    /\ net = {}
    /\ gen = [x \in Node |-> 1]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}

(* Everybody knows everybody: where most trouble begins.                   *)
Joined(jn) ==
    [Fresh(jn, 1) EXCEPT
        !.conn = "active",
        !.mem = [y \in Node |-> IF y = jn THEN None ELSE Rec(1, 0, "alive")]]

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
Condemns(p) ==
    LET us == p.ups[p.dst.a]
    IN us.g = p.dst.g /\ (us.st = "down" \/ (us.st = "suspect" /\ us.i = MaxInc))

EventOf(p) ==
    CASE p.k = "turnundead"                   -> "receive-turnundead"
      [] p.k # "turnundead" /\ Condemns(p)    -> "receive-verdict"
      [] OTHER                                -> "receive"

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

(* A packet to a process that does not run is gone. *)
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

(* A probe of m by n cannot succeed: m is not there, or not as n knows it. *)
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
    /\ Has("unbury") /\ n \in run /\ st[n].tomb[a] # 0
    /\ Step(n, "own", Unbury(st[n], a), net)
    /\ Burn("unbury")

AskDown(n) ==
    /\ Has("ask") /\ n \in run /\ MayAnnounceDown(st[n]) /\ DownOf(st[n]) \ {n} # {}
    /\ LET w == AnnounceDown(st[n]) IN ~(w.o \subseteq net) /\ Step(n, "own", w, net)
    /\ Burn("ask")

Spend(n, a) ==
    /\ Has("spend") /\ n \in run /\ st[n].up[a] # None
    /\ Step(n, "own", Start([st[n] EXCEPT !.up[a] = None]), net)
    /\ Burn("spend")

(* What callers do. *)
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

(* R12.12: with a newer generation than ever before; without it, with the last one. *)
Restart(n) ==
    /\ Has("restart") /\ n \notin run
    /\ run' = run \cup {n}
    /\ LET next == IF On("R12.12") THEN gen[n] + 1 ELSE gen[n]
       IN st' = [st EXCEPT ![n] = Fresh(n, next)] /\ gen' = [gen EXCEPT ![n] = next]
    /\ Burn("restart")
    /\ UNCHANGED <<net, dead, flaw>>

Next ==
    \/ \E p \in net : Deliver(p) \/ Repeat(p) \/ Lose(p) \/ Vanish(p)
    \/ \E n \in Node : \/ AskDown(n) \/ CallLeave(n) \/ CallReuse(n) \/ CallChange(n)
                       \/ Crash(n) \/ Restart(n)
                       \/ \E m \in Node : \/ Ping(n, m) \/ FailedProbe(n, m) \/ FalseSuspicion(n, m)
                                          \/ Join(n, m) \/ Spend(n, m) \/ ForgetTombstone(n, m)
                       \/ \E t \in st[n].susp : Timeout(n, t)
                       \/ \E t \in st[n].rem : ForgetDown(n, t)

Spec == Init /\ [][Next]_vars
SpecJoined == InitJoined /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Safety.  The names are those of Invariant.fs where the core checks them too. *)

NoPeerIsOurselves ==
    \A n \in run : st[n].mem[n].st = "none" \/ st[n].mem[n].g # st[n].id.g

NobodyElseAtOurAddress == \A n \in run : ~IsActive(st[n].mem[n])

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
        [a |-> a, g |-> st[n].mem[a].g] \in st[n].rem

OwnDownIsNotSpread ==
    \A n \in run : st[n].conn # "defunct" =>
        st[n].up[n].st = "none" \/ st[n].up[n].g # st[n].id.g

(* Part of the core's TombstonesAreBounded. *)
TombstonesStandForNobodyKnown ==
    \A n \in run, a \in Node : st[n].tomb[a] # 0 => st[n].mem[a].st = "none"

(* Nobody knows a generation that its address has not reached. *)
GenerationsWereReached ==
    \A n \in run, a \in Node : st[n].mem[a].g <= gen[a]

(* Within a generation nobody is ahead of its owner. *)
IncarnationsWereReceived ==
    \A n \in run, a \in run :
        (IsActive(st[n].mem[a]) /\ st[n].mem[a].g = st[a].id.g) => st[n].mem[a].i <= st[a].inc

(* Down gives way only to a newer generation; not even forgetting brings it back. *)
DownIsFinal ==
    \A n \in run, a \in Renewable :
        IsActive(st[n].mem[a]) => [n |-> n, a |-> a, g |-> st[n].mem[a].g] \notin dead

(* What was meant for an earlier life changes nothing (R9.3). *)
EarlierLivesAreDeaf ==
    \A p \in net : (p.dst.a \in run /\ p.k # "announce" /\ p.dst # st[p.dst.a].id) =>
        Receive(st[p.dst.a], p) = Start(st[p.dst.a])

(* Whoever hears that it is suspected is ahead of the suspicion then (R5.2). *)
SuspicionsAreRefuted ==
    \A p \in net : p.dst.a \in run =>
        LET heard == st[p.dst.a]
            then == Receive(heard, p).s
            said == p.ups[p.dst.a]
        IN (/\ p.dst = heard.id /\ heard.conn # "defunct"
            /\ then.id = heard.id /\ then.conn # "defunct" /\ Knows(then, p.src)
            /\ said.st = "suspect" /\ said.g = heard.id.g) => then.inc > said.i

(* A timer ends the suspicion that it was set for, and no other (R7.5). *)
SuspicionsHaveTheirTime ==
    \A n \in run : \A t \in st[n].susp :
        LET known == st[n].mem[t.a]
        IN (Expire(st[n], t).s.mem[t.a].st = "down" /\ known.st # "down") => (known.g = t.g /\ known.i = t.i)

(* Of steps: what Flaws found. *)
TurnUndeadOnlyToDown == "TurnUndeadOnlyToDown" \notin flaw
DepartedIsSilent == "DepartedIsSilent" \notin flaw
OurIncarnationOnlyGrows == "OurIncarnationOnlyGrows" \notin flaw
ProbesAreOfPeers == "ProbesAreOfPeers" \notin flaw
NotificationsMatchTable == "NotificationsMatchTable" \notin flaw
RecordsMoveForward == "RecordsMoveForward" \notin flaw

(* A timer takes only a Suspect to Down (R12.1, R12.13). *)
OnlySuspectsExpire == "OnlySuspectsExpire" \notin flaw

(* Only its caller brings a member back that left (R12.6). *)
LeavingIsFinal == "LeavingIsFinal" \notin flaw

(* A TurnUndead is answered with one only under a new identity (R12.4). *)
NoTurnUndeadStorm == "NoTurnUndeadStorm" \notin flaw

(* We give up our identity only if told that it is Down, or suspected at   *)
(* the highest incarnation (R5.3, R12.9). *)
OnlyAVerdictEndsUs == "OnlyAVerdictEndsUs" \notin flaw

(* Whoever pings a suspect tells it of the suspicion (R12.14). *)
SuspectsAreTold == "SuspectsAreTold" \notin flaw
=============================================================================
