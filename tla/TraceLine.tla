----------------------------- MODULE TraceLine -----------------------------
(***************************************************************************)
(* One line of a trace, held against Swim: which step it is, whether the   *)
(* member may take that step at all, and in which parts what came of it    *)
(* differs from what the spec says.  SwimTrace goes from line to line.     *)
(*                                                                         *)
(* `tla/check --traces` writes the module TraceData, which says            *)
(*   Lines[n][k]  the k-th line of the member: op, arg, after, out, notes  *)
(*   Packets[i]   the i-th packet, with the lines that sent it             *)
(* Its tables are sets of tuples that begin with address and generation.   *)
(***************************************************************************)
EXTENDS TraceData

-----------------------------------------------------------------------------
(* What a member knows, and what it sends, in the shape of the data.       *)

FlatId(ti) == <<ti.a, ti.g>>
FlatRecords(tr) == {<<x, tr[x].g, tr[x].i, tr[x].st>> : x \in {y \in Node : tr[y] # None}}
FlatTombs(tt) == {<<x, tt[x]>> : x \in {y \in Node : tt[y] # 0}}
FlatNotes(tn) == [j \in DOMAIN tn |-> <<tn[j].k, tn[j].a, tn[j].g>>]

IdentityOf(tf) == [a |-> tf[1], g |-> tf[2]]
RecordsOf(tu) ==
    [x \in Node |->
        IF \E each \in tu : each[1] = x
        THEN LET found == CHOOSE each \in tu : each[1] = x IN Rec(found[2], found[3], found[4])
        ELSE None]

(* The packet of Swim that the data means.                                 *)
Meant(tp) ==
    [k |-> tp.k, src |-> IdentityOf(tp.src), si |-> tp.si, dst |-> IdentityOf(tp.dst),
     to |-> IdentityOf(tp.to), ups |-> RecordsOf(tp.ups)]

-----------------------------------------------------------------------------
(* Which step of Swim a line is.                                           *)

(* R7.2: the last probe is concluded, the next member is pinged.           *)
(* Probing.probeRandomMember                                               *)
ProbeStep(bs, barg) ==
    LET concluded == IF barg.failed[1] = 0 THEN Start(bs)
                     ELSE SuspectAs(bs, barg.failed[1], Rec(barg.failed[2], barg.failed[3], "alive"))
    IN Put(concluded, {PingOf(concluded.s, "ping", IdOf(concluded.s, barg.target))})

(* R7.3: no direct answer in time.  Probing.sendIndirect *)
IndirectStep(hs1, harg) ==
    Put(Start(hs1), {Naming(Packet(hs1, "pingreq", IdOf(hs1, x), hs1.up), IdOf(hs1, harg.target))
                     : x \in harg.helpers})

StepOf(zn, zs1, zline) ==
    CASE zline.op = "Start"             -> Start(Fresh(zn, zline.after.id[2]))
      [] zline.op = "Receive"           -> ReceiveInOrder(zs1, Meant(Packets[zline.arg.packet]), zline.arg.order)
      [] zline.op = "Probe"             -> ProbeStep(zs1, zline.arg)
      [] zline.op = "SendIndirectProbe" -> IndirectStep(zs1, zline.arg)
      [] zline.op = "Expire"            -> Expire(zs1, [a |-> zline.arg[1], g |-> zline.arg[2], i |-> zline.arg[3]])
      [] zline.op = "Forget"            -> Forget(zs1, IdentityOf(zline.arg))
      [] zline.op = "Unbury"            -> Unbury(zs1, zline.arg)
      [] zline.op = "Announce"          -> Announce(zs1, IdentityOf(zline.arg))
      [] zline.op = "AnnounceTo"        -> AnnounceTo(zs1, zline.arg)
      [] zline.op = "AnnounceDown"      -> AnnounceTo(zs1, zline.arg)
      [] zline.op = "Gossip"            -> Put(Start(zs1), GossipTo(zs1, zline.arg))
      [] zline.op = "Leave"             -> Leave(zs1)
      [] zline.op = "Reuse"             -> Reuse(zs1)
      [] zline.op = "Assume"            -> Assume(Start(zs1), zline.arg[2])
      [] OTHER                          -> Start(zs1)

(* Who did it, for the step properties of Swim.                            *)
EventOfLine(eline) ==
    CASE eline.op = "Receive"                                -> EventOf(Meant(Packets[eline.arg.packet]))
      [] eline.op = "Expire"                                 -> "expire"
      [] eline.op = "Forget"                                 -> "forget"
      [] eline.op \in {"Announce", "Leave", "Reuse", "Assume"} -> "caller"
      [] OTHER                                               -> "own"

-----------------------------------------------------------------------------
(* When a member may do it at all.                                         *)

Unless(ucondition, upart, uwhy) == IF ucondition THEN <<>> ELSE <<<<upart, uwhy>>>>

NoProbe == [a |-> 0, g |-> 0, i |-> 0, asked |-> FALSE, answered |-> FALSE]

(* R7.2: only the member that was probed is suspected, and it is, if helpers *)
(* were asked and no answer came.  An answer need not be told: the cycle   *)
(* may have been incomplete.                                               *)
MayConclude(cs3, cp, cf) ==
    IF cf[1] = 0
    THEN Unless(~cp.asked \/ cp.answered \/ cs3.mem[cp.a].g # cp.g,
                "argument.failed", "R7.2: helpers were asked and nobody answered")
    ELSE Unless(cf = <<cp.a, cp.g, cp.i>>, "argument.failed", "R7.2: this is not what was probed")

MayTake(yn, ys, yp, yline) ==
    LET yarg == yline.arg
        active == Unless(ys.conn = "active", "op", "R4.2: the member is not active")
        here == Unless(~ys.left, "op", "R12.6: the member left")
        known == ActiveOf(ys)
    IN CASE yline.op = "Start" ->
              Unless(yline.after.id[1] = yn /\ yline.after.id[2] > gen[yn],
                     "after.id", "R12.12: not a newer identity of this address")
         [] yline.op # "Start" /\ yn \notin run -> <<<<"op", "no process runs there">>>>
         [] yline.op = "Receive" /\ yn \in run ->
              Unless(Packets[yarg.packet].dst[1] = yn, "argument.dst", "R9.3: sent to another address")
         [] yline.op = "Probe" /\ yn \in run ->
              active \o Unless(yarg.target \in known, "argument.target", "R7.1: not an active member")
                     \o MayConclude(ys, yp, yarg.failed)
         [] yline.op = "SendIndirectProbe" /\ yn \in run ->
              active \o Unless(\/ yarg.helpers = {}
                               \/ yarg.target = yp.a /\ Knows(ys, [a |-> yp.a, g |-> yp.g]),
                               "argument.target", "R7.3: this is not what is probed")
                     \o Unless(yarg.helpers \subseteq known \ {yarg.target},
                               "argument.helpers", "R7.3: not other active members")
         [] yline.op = "Expire" /\ yn \in run ->
              Unless([a |-> yarg[1], g |-> yarg[2], i |-> yarg[3]] \in ys.susp,
                     "argument", "R7.5: no such timer is out")
         [] yline.op = "Forget" /\ yn \in run ->
              Unless(IdentityOf(yarg) \in ys.rem, "argument", "R7.6: no such timer is out")
         [] yline.op = "Unbury" /\ yn \in run ->
              Unless(ys.tomb[yarg] # 0, "argument", "R12.7: no tombstone is there")
         [] yline.op = "Announce" /\ yn \in run -> here
         [] yline.op = "AnnounceTo" /\ yn \in run ->
              active \o Unless(yarg \subseteq known, "argument", "R8.4: not active members")
         [] yline.op = "AnnounceDown" /\ yn \in run ->
              Unless(MayAnnounceDown(ys), "op", "R12.3: the member is defunct")
                  \o Unless(yarg \subseteq DownOf(ys) \ {yn}, "argument", "R8.4: not Down members")
         [] yline.op = "Gossip" /\ yn \in run ->
              here \o Unless(yarg \subseteq known, "argument", "R8.2: not active members")
         [] yline.op = "Leave" /\ yn \in run -> here
         [] yline.op = "Reuse" /\ yn \in run ->
              Unless(ys.conn = "defunct", "op", "R6.3: the member is not defunct")
         [] yline.op = "Assume" /\ yn \in run ->
              Unless(yarg[1] = yn /\ yarg[2] > gen[yn], "argument", "R6.2: not a newer identity of this address")
         [] OTHER -> <<>>

-----------------------------------------------------------------------------
(* Whether what came of a line is what comes of the step w.                *)

(* R8.6: what had its last transmission in this step.                      *)
SpentIn(sw, sup) ==
    {x \in Node : sw.s.up[x] # None /\ ~\E each \in sup : each[1] = x}

Without(vw1, vspent) ==
    [vw1 EXCEPT !.s.up = [x \in Node |-> IF x \in vspent THEN None ELSE @[x]]]

(* Feeds, and what a member answers that left, take nothing from the       *)
(* backlog (R8.5, R12.6).                                                  *)
TakesFromBacklog(tb, tk, tsrc) ==
    /\ tk \in {"data", "ping", "pingreq", "indirectping", "indirectack"}
    /\ ~(tb.left /\ tsrc = FlatId(tb.id))

(* Whether the packet tq of the spec may go out without its update about tx: *)
(* that had its last transmission before, or gave way to a newer one later *)
(* in the step.  What a suspect must be told is never left out (R12.14).   *)
MayLack(lb, lw2, lspent, lq, lx) ==
    /\ TakesFromBacklog(lb, lq.k, FlatId(lq.src))
    /\ ~(lq.k \in {"ping", "indirectping"} /\ lx = lq.dst.a /\ lq.ups[lx].st = "suspect")
    /\ \/ lx \in lspent
       \/ lb.up[lx] # lw2.s.up[lx] /\ lq.ups[lx] # lw2.s.up[lx]

SameUpdates(ub, uw, uspent, uq, uups) ==
    LET all == FlatRecords(uq.ups)
    IN uups \subseteq all /\ \A each \in all \ uups : MayLack(ub, uw, uspent, uq, each[1])

(* The fields in which the packet dp2 of the trace differs from dq of the spec. *)
PacketDifferences(db, dw3, dspent, dq, dp2) ==
    (IF dp2.k = dq.k THEN {} ELSE {"k"}) \cup
    (IF dp2.src = FlatId(dq.src) THEN {} ELSE {"src"}) \cup
    (IF dp2.si = dq.si THEN {} ELSE {"si"}) \cup
    (IF dp2.dst = FlatId(dq.dst) THEN {} ELSE {"dst"}) \cup
    (IF dp2.to = FlatId(dq.to) THEN {} ELSE {"to"}) \cup
    (IF SameUpdates(db, dw3, dspent, dq, dp2.ups) THEN {} ELSE {"ups"})

(* R8.5: every packet is one of the spec, and every one of the spec is there. *)
OutDifferences(ob, ow2, ospent, oout) ==
    LET out == {Packets[x] : x \in oout}
        same(oq, op) == PacketDifferences(ob, ow2, ospent, oq, op) = {}
        extra == {p \in out : ~\E q \in ow2.o : same(q, p)}
        lacking == {q \in ow2.o : ~\E p \in out : same(q, p)}
        fields == UNION {UNION {PacketDifferences(ob, ow2, ospent, q, p) : q \in lacking} : p \in extra}
    IN IF extra = {} /\ lacking = {} THEN <<>>
       ELSE <<<<"out", {<<q.k, FlatId(q.src), q.si, FlatId(q.dst), FlatId(q.to), FlatRecords(q.ups)>> : q \in lacking},
                {<<p.k, p.src, p.si, p.dst, p.to, p.ups>> : p \in extra},
                IF Cardinality(extra) = 1 /\ Cardinality(lacking) = 1 THEN fields ELSE {}>>>>

(* An update is not used up without being sent.                            *)
SpentDifferences(rb1, rw2, rspent, rout) ==
    LET unsent == {x \in rspent : ~\E i \in rout :
                       LET p == Packets[i]
                       IN /\ TakesFromBacklog(rb1, p.k, p.src)
                          /\ \E each \in p.ups : each = <<x, rw2.s.up[x].g, rw2.s.up[x].i, rw2.s.up[x].st>>}
    IN IF unsent = {} THEN <<>>
       ELSE <<<<"after.up", {each \in FlatRecords(rw2.s.up) : each[1] \in unsent}, {}>>>>

Same(spart, sspec, strace) == IF sspec = strace THEN <<>> ELSE <<<<spart, sspec, strace>>>>
SameSet(spart1, sspec1, strace1) ==
    IF sspec1 = strace1 THEN <<>> ELSE <<<<spart1, sspec1 \ strace1, strace1 \ sspec1>>>>

(* All parts in which the line differs from the step vw; <<>> if none.     *)
Differences(vb1, vw2, vline) ==
    LET after == vline.after
        spent == SpentIn(vw2, after.up)
        s1 == Without(vw2, spent).s
    IN Same("after.id", FlatId(s1.id), after.id)
       \o Same("after.inc", s1.inc, after.inc)
       \o Same("after.conn", s1.conn, after.conn)
       \o Same("after.left", s1.left, after.left)
       \o Same("after.await", s1.await, after.await)
       \o SameSet("after.mem", FlatRecords(s1.mem), after.mem)
       \o SameSet("after.tomb", FlatTombs(s1.tomb), after.tomb)
       \o SameSet("after.up", FlatRecords(s1.up), after.up)
       \o SameSet("after.susp", {<<t.a, t.g, t.i>> : t \in s1.susp}, after.susp)
       \o SameSet("after.rem", {<<t.a, t.g>> : t \in s1.rem}, after.rem)
       \o SpentDifferences(vb1, vw2, spent, vline.out)
       \o OutDifferences(vb1, vw2, spent, vline.out)
       \o Same("notes", FlatNotes(vw2.n), vline.notes)
=============================================================================
