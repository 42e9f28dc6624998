------------------------------ MODULE SwimEmit ------------------------------
(***************************************************************************)
(* Prints every step of a member that TLC explores as one line of JSON:    *)
(* which operator of Swim took it, on what, from which state to which,     *)
(* with which packets and notifications.  tests/Swim.Conformance takes     *)
(* each of these steps in the core and compares.                           *)
(* spec/vectors/README.md has the commands.                                *)
(*                                                                         *)
(* A line is true of one member, whatever the others do, so the many       *)
(* states of a cluster come down to few distinct lines.                    *)
(***************************************************************************)
EXTENDS Swim, TLC, Json

CONSTANTS
    Incarnation,    \* that everybody has at the start, where all are joined
    Forging         \* whether packets arrive that nobody sent

(* Short forms: a record is <<generation, incarnation, status>> or <<>>.   *)
FlatRecord(record) == IF record = None THEN <<>> ELSE <<record.g, record.i, record.st>>
FlatRecords(records) == [x \in Node |-> FlatRecord(records[x])]
FlatId(id) == <<id.a, id.g>>
FlatNamed(id) == IF id = NoOne THEN <<>> ELSE FlatId(id)

FlatState(state) ==
    [id |-> FlatId(state.id), inc |-> state.inc, conn |-> state.conn, left |-> state.left,
     await |-> state.await, mem |-> FlatRecords(state.mem), tomb |-> state.tomb,
     up |-> FlatRecords(state.up),
     susp |-> {<<t.a, t.g, t.i>> : t \in state.susp},
     rem |-> {<<t.a, t.g>> : t \in state.rem}]

FlatPacket(packet) ==
    [k |-> packet.k, src |-> FlatId(packet.src), si |-> packet.si, dst |-> FlatId(packet.dst),
     to |-> FlatNamed(packet.to), ups |-> FlatRecords(packet.ups)]

(* Prints the step w of the member at n.  Always true. *)
Line(op, n, argument, before, w) ==
    PrintT(ToJson(
        [op |-> op, node |-> n, renewable |-> Renewable, argument |-> argument,
         before |-> FlatState(before), after |-> FlatState(w.s),
         out |-> {FlatPacket(p) : p \in w.o},
         notes |-> [x \in DOMAIN w.n |-> <<w.n[x].k, w.n[x].a, w.n[x].g>>]]))

Emit(op, n, argument, w) == Line(op, n, argument, st[n], w)

-----------------------------------------------------------------------------
(* Each action of Swim, and the operator that is its step.                 *)

EmitReceive(p) == Emit("Receive", p.dst.a, FlatPacket(p), Receive(st[p.dst.a], p))

EmitPing(n, m) == Emit("Ping", n, m, Put(Start(st[n]), {PingOf(st[n], "ping", IdOf(st[n], m))}))

(* The argument tells the record that m had when the probe began (R7.2).   *)
EmitSuspect(n, m, record) ==
    Emit("Suspect", n, <<m, record.g, record.i>>, SuspectAs(st[n], m, record))

(* A last transmission needs somebody to send to, and a reason.            *)
EmitSpend(n, a) ==
    \/ st[n].conn # "active"
    \/ Emit("Spend", n, a, Start([st[n] EXCEPT !.up[a] = None]))

(* The world leaves out a timer that is set again at once (R7.5), for it   *)
(* changes nothing.  A member has to do just that.                         *)
SetAgain(n, t) ==
    /\ n \in run /\ t \in st[n].susp
    /\ st[n].conn # "active" /\ st[n].mem[t.a].st = "suspect"
    /\ UNCHANGED vars

(* A process starts from nothing: before and after are the same.           *)
EmitFresh(n) == LET fresh == Fresh(n, gen[n] + 1) IN Line("Fresh", n, n, fresh, Start(fresh))

(* What an honest cluster never sends, but a member has to take: any       *)
(* packet about any life so far.  The sets have one element: it is drawn   *)
(* once.                                                                   *)
Draw(set) == {RandomElement(set)}
AnyIncarnation == {0, 1, Incarnation, MaxInc}

AnyRecord(x) ==
    RandomElement({None} \cup [g : 1 .. gen[x], i : AnyIncarnation, st : {"alive", "suspect", "down"}])

(* As often any life at all as one that n knows, or n itself.              *)
AnyIdentity(n) ==
    LET lives == UNION {{[a |-> x, g |-> y] : y \in 1 .. gen[x]} : x \in Node}
        known == {IdOf(st[n], x) : x \in ActiveOf(st[n]) \cup DownOf(st[n])} \cup {st[n].id}
    IN RandomElement({RandomElement(lives), RandomElement(known)})

(* Only an announcement may leave the generation open (R9.3).              *)
AnyDestination(n, k) ==
    RandomElement({st[n].id, [a |-> n, g |-> IF k = "announce" THEN 0 ELSE RandomElement(1 .. gen[n])]})

(* Of the messages that are "data", one names somebody (R8.5).             *)
AnyNamed(n, k) ==
    CASE k \in IndirectKinds -> AnyIdentity(n)
      [] k = "data"          -> RandomElement({NoOne, AnyIdentity(n)})
      [] OTHER               -> NoOne

AnyUpdates ==
    IF RandomElement(BOOLEAN) THEN NoUpdates
    ELSE [x \in Node |-> IF RandomElement(BOOLEAN) THEN None ELSE AnyRecord(x)]

Forge ==
    \E n \in run, k \in Draw(Kinds \cup IndirectKinds) :
        \E p \in {[k |-> k,
                   src |-> AnyIdentity(n),
                   si |-> RandomElement(AnyIncarnation),
                   dst |-> AnyDestination(n, k),
                   to |-> AnyNamed(n, k),
                   ups |-> AnyUpdates]} :
            /\ Step(n, "receive", Receive(st[n], p), net)
            /\ UNCHANGED fuel
            /\ EmitReceive(p)

(* A probe that began when its target was at any incarnation, or was       *)
(* somebody else.                                                          *)
ForgeSuspicion ==
    \E n \in run, m \in Draw(Node), i \in Draw(AnyIncarnation) :
        \E record \in {Rec(RandomElement(1 .. gen[m]), i, "alive")} :
            /\ n # m /\ st[n].conn = "active"
            /\ Step(n, "own", SuspectAs(st[n], m, record), net)
            /\ UNCHANGED fuel
            /\ EmitSuspect(n, m, record)

EmitNext ==
    \/ Forging /\ (Forge \/ ForgeSuspicion)
    \/ \E p \in net : \/ Deliver(p) /\ EmitReceive(p)
                      \/ Repeat(p) /\ EmitReceive(p)
                      \/ Lose(p)
                      \/ Vanish(p)
    \/ \E n \in Node :
         \/ AskDown(n) /\ Emit("AnnounceDown", n, 0, AnnounceDown(st[n]))
         \/ CallLeave(n) /\ Emit("Leave", n, 0, Leave(st[n]))
         \/ CallReuse(n) /\ Emit("Reuse", n, 0, Reuse(st[n]))
         \/ CallChange(n) /\ Emit("Assume", n, st[n].id.g + 1, Assume(Start(st[n]), st[n].id.g + 1))
         \/ Crash(n)
         \/ Restart(n) /\ EmitFresh(n)
         \/ \E m \in Node :
              \/ Ping(n, m) /\ EmitPing(n, m)
              \/ FailedProbe(n, m) /\ EmitSuspect(n, m, st[n].mem[m])
              \/ FalseSuspicion(n, m) /\ EmitSuspect(n, m, st[n].mem[m])
              \/ Join(n, m) /\ Emit("Announce", n, m, Announce(st[n], [a |-> m, g |-> 0]))
              \/ Spend(n, m) /\ EmitSpend(n, m)
              \/ ForgetTombstone(n, m) /\ Emit("Unbury", n, m, Unbury(st[n], m))
         \/ \E t \in st[n].susp :
              (Timeout(n, t) \/ SetAgain(n, t)) /\ Emit("Expire", n, <<t.a, t.g, t.i>>, Expire(st[n], t))
         \/ \E t \in st[n].rem : ForgetDown(n, t) /\ Emit("Forget", n, <<t.a, t.g>>, Forget(st[n], t))

(* Everybody knows everybody, under the incarnation that the model asks for: *)
(* near the highest one, R12.9 is near.                                      *)
InitKnown ==
    /\ st = [x \in Node |->
               [Joined(x) EXCEPT
                  !.inc = Incarnation,
                  !.mem = [y \in Node |-> IF y = x THEN None ELSE Rec(1, Incarnation, "alive")]]]
    /\ run = Node
    /\ net = {}
    /\ gen = [x \in Node |-> 1]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}

EmitCold == Init /\ [][EmitNext]_vars
EmitJoined == InitKnown /\ [][EmitNext]_vars
=============================================================================
