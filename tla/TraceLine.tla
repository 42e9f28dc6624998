----------------------------- MODULE TraceLine -----------------------------
(***************************************************************************)
(* One line of a trace, compared with Swim: which step it is, whether the  *)
(* member may take that step at all, and in which parts its outcome differs*)
(* from that of the spec.  SwimTrace proceeds from line to line.           *)
(*                                                                         *)
(* `tla/check --traces` writes the module TraceData, which defines         *)
(*   Lines[n][k]  the k-th line of the member: op, arg, after, out, notes  *)
(*   Packets[i]   the i-th packet, with the lines that sent it             *)
(* Its tables are sets of tuples that begin with address and generation.   *)
(***************************************************************************)
EXTENDS TraceData

-----------------------------------------------------------------------------
(* What a member knows, and what it sends, in the shape of the data.       *)

FlatId(id) == <<id.a, id.g>>
FlatRecords(records) ==
    {<<x, records[x].g, records[x].i, records[x].st>> : x \in {y \in Node : records[y] # None}}
FlatTombs(tombs) == {<<x, tombs[x].g, tombs[x].i>> : x \in {y \in Node : tombs[y] # NoTomb}}
FlatNotes(notes) == [j \in DOMAIN notes |-> <<notes[j].k, notes[j].a, notes[j].g>>]

IdentityOf(flat) == [a |-> flat[1], g |-> flat[2]]
RecordsOf(flat) ==
    [x \in Node |->
        IF \E each \in flat : each[1] = x
        THEN LET found == CHOOSE each \in flat : each[1] = x IN Rec(found[2], found[3], found[4])
        ELSE None]

(* The packet of Swim that the data stands for.                            *)
Meant(flat) ==
    [k |-> flat.k, src |-> IdentityOf(flat.src), si |-> flat.si, dst |-> IdentityOf(flat.dst),
     to |-> IdentityOf(flat.to), ups |-> RecordsOf(flat.ups)]

-----------------------------------------------------------------------------
(* Which step of Swim a line is.                                           *)

(* R7.2: the last probe is concluded, the next member is pinged.           *)
(* Probing.probeRandomMember                                               *)
ProbeStep(me, arg) ==
    LET failed == arg.failed
        concluded == IF failed[1] = 0 THEN Start(me)
                     ELSE SuspectAs(me, failed[1], Rec(failed[2], failed[3], "alive"))
    IN Put(concluded, {PingOf(concluded.state, "ping", IdOf(concluded.state, arg.target))})

(* R7.3: no direct answer in time.  Probing.sendIndirect *)
IndirectStep(me, arg) ==
    Put(Start(me), {Naming(Packet(me, "pingreq", IdOf(me, x), me.up), IdOf(me, arg.target)) : x \in arg.helpers})

TimerOf(flat) == [a |-> flat[1], g |-> flat[2], i |-> flat[3]]

StepOf(n, me, line) ==
    LET op == line.op
        arg == line.arg
    IN CASE op = "Start"             -> Start(Fresh(n, line.after.id[2]))
         [] op = "Receive"           -> ReceiveInOrder(me, Meant(Packets[arg.packet]), arg.order)
         [] op = "Probe"             -> ProbeStep(me, arg)
         [] op = "SendIndirectProbe" -> IndirectStep(me, arg)
         [] op = "Expire"            -> Expire(me, TimerOf(arg))
         [] op = "Forget"            -> Forget(me, TimerOf(arg))
         [] op = "Unbury"            -> Unbury(me, arg)
         [] op = "Announce"          -> Announce(me, IdentityOf(arg))
         [] op = "AnnounceTo"        -> AnnounceTo(me, arg)
         [] op = "AnnounceDown"      -> AnnounceTo(me, arg)
         [] op = "Gossip"            -> Put(Start(me), GossipTo(me, arg))
         [] op = "Leave"             -> Leave(me)
         [] op = "Reuse"             -> Reuse(me)
         [] op = "Assume"            -> Assume(Start(me), arg[2])
         [] OTHER                    -> Start(me)

(* The event of the line, for the step properties of Swim.                 *)
EventOfLine(line) ==
    CASE line.op = "Receive"                                -> EventOf(Meant(Packets[line.arg.packet]))
      [] line.op = "Expire"                                 -> "expire"
      [] line.op = "Forget"                                 -> "forget"
      [] line.op \in {"Announce", "Leave", "Reuse", "Assume"} -> "caller"
      [] OTHER                                              -> "own"

-----------------------------------------------------------------------------
(* Whether a member may take the step at all.                              *)

Unless(condition, part, why) == IF condition THEN <<>> ELSE <<<<part, why>>>>

NoProbe == [a |-> 0, g |-> 0, i |-> 0, asked |-> FALSE, answered |-> FALSE]

(* R7.2: only the member that was probed is suspected, and it is, if helpers *)
(* were asked and no answer came.  An answer need not be told: the cycle   *)
(* may have been incomplete.                                               *)
MayConclude(me, current, failed) ==
    IF failed[1] = 0
    THEN Unless(~current.asked \/ current.answered \/ me.mem[current.a].g # current.g,
                "argument.failed", "R7.2: helpers were asked and no answer came")
    ELSE Unless(failed = <<current.a, current.g, current.i>>,
                "argument.failed", "R7.2: this is not what was probed")

MayTake(n, me, current, line) ==
    LET op == line.op
        arg == line.arg
        runs == n \in run
        active == Unless(me.conn = "active", "op", "R4.2: the member is not active")
        here == Unless(~me.left, "op", "R12.6: the member left")
        known == ActiveOf(me)
    IN CASE op = "Start" ->
              Unless(line.after.id[1] = n /\ line.after.id[2] > gen[n],
                     "after.id", "R12.12: not a newer identity of this address")
         [] op # "Start" /\ ~runs -> <<<<"op", "no process runs there">>>>
         [] op = "Receive" /\ runs ->
              Unless(Packets[arg.packet].dst[1] = n, "argument.dst", "R9.3: sent to another address")
         [] op = "Probe" /\ runs ->
              active \o Unless(arg.target \in known, "argument.target", "R7.1: not an active member")
                     \o MayConclude(me, current, arg.failed)
         [] op = "SendIndirectProbe" /\ runs ->
              active \o Unless(\/ arg.helpers = {}
                               \/ arg.target = current.a /\ Knows(me, [a |-> current.a, g |-> current.g]),
                               "argument.target", "R7.3: this is not what is probed")
                     \o Unless(arg.helpers \subseteq known \ {arg.target},
                               "argument.helpers", "R7.3: not other active members")
         [] op = "Expire" /\ runs ->
              Unless(TimerOf(arg) \in me.susp, "argument", "R7.5: no such timer is pending")
         [] op = "Forget" /\ runs ->
              Unless(TimerOf(arg) \in me.rem, "argument", "R7.6: no such timer is pending")
         [] op = "Unbury" /\ runs ->
              Unless(me.tomb[arg] # NoTomb, "argument", "R12.7: no tombstone is there")
         [] op = "Announce" /\ runs -> here
         [] op = "AnnounceTo" /\ runs ->
              active \o Unless(arg \subseteq known, "argument", "R8.4: not active members")
         [] op = "AnnounceDown" /\ runs ->
              Unless(MayAnnounceDown(me), "op", "R12.3: the member is defunct")
                  \o Unless(arg \subseteq DownOf(me) \ {n}, "argument", "R8.4: not Down members")
         [] op = "Gossip" /\ runs ->
              here \o Unless(arg \subseteq known, "argument", "R8.2: not active members")
         [] op = "Leave" /\ runs -> here
         [] op = "Reuse" /\ runs ->
              Unless(me.conn = "defunct", "op", "R6.3: the member is not defunct")
         [] op = "Assume" /\ runs ->
              Unless(arg[1] = n /\ arg[2] > gen[n], "argument", "R6.2: not a newer identity of this address")
         [] OTHER -> <<>>

-----------------------------------------------------------------------------
(* Whether the outcome of a line is that of the step.                      *)

(* R8.6: the updates whose last transmission was in this step.             *)
SpentIn(step, updates) ==
    {x \in Node : step.state.up[x] # None /\ ~\E each \in updates : each[1] = x}

Without(step, spent) ==
    [step EXCEPT !.state.up = [x \in Node |-> IF x \in spent THEN None ELSE @[x]]]

(* Feeds, and the answers of a member that left, take nothing from the     *)
(* backlog (R8.5, R12.6).                                                  *)
TakesFromBacklog(before, kind, sender) ==
    /\ kind \in {"data", "ping", "pingreq", "indirectping", "indirectack"}
    /\ ~(before.left /\ sender = FlatId(before.id))

(* Whether the packet of the spec may be sent without its update about the *)
(* address: the update had its last transmission before, or a newer one    *)
(* replaced it later in the step.  What a suspect must be told is never    *)
(* left out (R12.14).                                                      *)
MayLack(before, step, spent, packet, address) ==
    /\ TakesFromBacklog(before, packet.k, FlatId(packet.src))
    /\ ~(packet.k \in {"ping", "indirectping"} /\ address = packet.dst.a /\ packet.ups[address].st = "suspect")
    /\ \/ address \in spent
       \/ before.up[address] # step.state.up[address] /\ packet.ups[address] # step.state.up[address]

SameUpdates(before, step, spent, packet, updates) ==
    LET all == FlatRecords(packet.ups)
    IN updates \subseteq all /\ \A each \in all \ updates : MayLack(before, step, spent, packet, each[1])

(* The fields in which the packet of the trace differs from that of the spec. *)
PacketDifferences(before, step, spent, packet, traced) ==
    (IF traced.k = packet.k THEN {} ELSE {"k"}) \cup
    (IF traced.src = FlatId(packet.src) THEN {} ELSE {"src"}) \cup
    (IF traced.si = packet.si THEN {} ELSE {"si"}) \cup
    (IF traced.dst = FlatId(packet.dst) THEN {} ELSE {"dst"}) \cup
    (IF traced.to = FlatId(packet.to) THEN {} ELSE {"to"}) \cup
    (IF SameUpdates(before, step, spent, packet, traced.ups) THEN {} ELSE {"ups"})

(* R8.5: every packet is one of the spec, and every one of the spec is there. *)
OutDifferences(before, step, spent, indices) ==
    LET out == {Packets[x] : x \in indices}
        Between(packet, traced) == PacketDifferences(before, step, spent, packet, traced)
        extra == {p \in out : ~\E q \in step.out : Between(q, p) = {}}
        lacking == {q \in step.out : ~\E p \in out : Between(q, p) = {}}
        fields == UNION {UNION {Between(q, p) : q \in lacking} : p \in extra}
        flat == {<<q.k, FlatId(q.src), q.si, FlatId(q.dst), FlatId(q.to), FlatRecords(q.ups)>> : q \in lacking}
    IN IF extra = {} /\ lacking = {} THEN <<>>
       ELSE <<<<"out", flat,
                {<<p.k, p.src, p.si, p.dst, p.to, p.ups>> : p \in extra},
                IF Cardinality(extra) = 1 /\ Cardinality(lacking) = 1 THEN fields ELSE {}>>>>

(* An update is not used up without being sent.                            *)
SpentDifferences(before, step, spent, indices) ==
    LET up == step.state.up
        unsent == {x \in spent : ~\E i \in indices :
                       LET p == Packets[i]
                       IN /\ TakesFromBacklog(before, p.k, p.src)
                          /\ \E each \in p.ups : each = <<x, up[x].g, up[x].i, up[x].st>>}
    IN IF unsent = {} THEN <<>>
       ELSE <<<<"after.up", {each \in FlatRecords(up) : each[1] \in unsent}, {}>>>>

Same(part, spec, trace) == IF spec = trace THEN <<>> ELSE <<<<part, spec, trace>>>>
SameSet(part, spec, trace) ==
    IF spec = trace THEN <<>> ELSE <<<<part, spec \ trace, trace \ spec>>>>

(* All parts in which the line differs from the step; <<>> if none.        *)
Differences(before, step, line) ==
    LET after == line.after
        spent == SpentIn(step, after.up)
        spec == Without(step, spent).state
    IN Same("after.id", FlatId(spec.id), after.id)
       \o Same("after.inc", spec.inc, after.inc)
       \o Same("after.conn", spec.conn, after.conn)
       \o Same("after.left", spec.left, after.left)
       \o Same("after.await", spec.await, after.await)
       \o SameSet("after.mem", FlatRecords(spec.mem), after.mem)
       \o SameSet("after.tomb", FlatTombs(spec.tomb), after.tomb)
       \o SameSet("after.up", FlatRecords(spec.up), after.up)
       \o SameSet("after.susp", {<<t.a, t.g, t.i>> : t \in spec.susp}, after.susp)
       \o SameSet("after.rem", {<<t.a, t.g, t.i>> : t \in spec.rem}, after.rem)
       \o SpentDifferences(before, step, spent, line.out)
       \o OutDifferences(before, step, spent, line.out)
       \o Same("notes", FlatNotes(step.notes), line.notes)
=============================================================================
