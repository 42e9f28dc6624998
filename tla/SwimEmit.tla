------------------------------ MODULE SwimEmit ------------------------------
(***************************************************************************)
(* Prints every step of a member that TLC explores as one line of JSON:    *)
(* the operator of Swim that took it, its argument, the states before and  *)
(* after, the packets and the events.  tests/Swim.Conformance takes each   *)
(* of these steps in the core and compares.                                *)
(* spec/vectors/README.md has the commands.                                *)
(*                                                                         *)
(* A line is about one member, whatever the others do, so the many states  *)
(* of a cluster yield few distinct lines.                                  *)
(***************************************************************************)
EXTENDS Swim, TLC, Json

CONSTANTS
    Incarnation,    \* of each member at the start, where all are joined
    Forging         \* whether packets arrive that no member sent

(* Short forms: a record is <<generation, incarnation, status>> or <<>>.   *)
FlatRecord(record) == IF record = None THEN <<>> ELSE <<record.g, record.i, record.st>>
FlatRecords(records) == [x \in Node |-> FlatRecord(records[x])]
FlatTomb(stone) == IF stone = NoTomb THEN <<>> ELSE <<stone.g, stone.i>>
FlatId(id) == <<id.a, id.g>>
FlatNamed(id) == IF id = NoOne THEN <<>> ELSE FlatId(id)

FlatState(me) ==
    [id |-> FlatId(me.id), inc |-> me.inc, conn |-> me.conn, left |-> me.left,
     await |-> me.await, mem |-> FlatRecords(me.mem), tomb |-> [x \in Node |-> FlatTomb(me.tomb[x])],
     up |-> FlatRecords(me.up),
     susp |-> {<<t.a, t.g, t.i>> : t \in me.susp},
     rem |-> {<<t.a, t.g, t.i>> : t \in me.rem}]

FlatPacket(packet) ==
    [k |-> packet.k, src |-> FlatId(packet.src), si |-> packet.si, dst |-> FlatId(packet.dst),
     to |-> FlatNamed(packet.to), ups |-> FlatRecords(packet.ups)]

(* Prints a step of the member at n.  Always true. *)
Line(op, n, argument, before, step) ==
    PrintT(ToJson(
        [op |-> op, node |-> n, renewable |-> Renewable, final |-> ~CanRefute, argument |-> argument,
         before |-> FlatState(before), after |-> FlatState(step.state),
         out |-> {FlatPacket(p) : p \in step.out},
         notes |-> [x \in DOMAIN step.notes |-> <<step.notes[x].k, step.notes[x].a, step.notes[x].g>>]]))

Emit(op, n, argument, step) == Line(op, n, argument, st[n], step)

-----------------------------------------------------------------------------
(* Each action of Swim, and the operator that is its step.                 *)

EmitReceive(p) == Emit("Receive", p.dst.a, FlatPacket(p), Receive(st[p.dst.a], p))

EmitPing(n, m) == Emit("Ping", n, m, Put(Start(st[n]), {PingOf(st[n], "ping", IdOf(st[n], m))}))

(* The argument tells the record that m had when the probe began (R7.2).   *)
EmitSuspect(n, m, record) ==
    Emit("Suspect", n, <<m, record.g, record.i>>, SuspectAs(st[n], m, record))

(* A last transmission needs an active member to send to.                  *)
EmitSpend(n, a) ==
    \/ st[n].conn # "active"
    \/ Emit("Spend", n, a, Start([st[n] EXCEPT !.up[a] = None]))

(* The world leaves out a timer that is scheduled again at once (R7.5),    *)
(* which changes nothing.  A member has to do just that.                   *)
ScheduleAgain(n, t) ==
    /\ n \in run /\ t \in st[n].susp
    /\ st[n].conn # "active" /\ st[n].mem[t.a].st = "suspect"
    /\ UNCHANGED vars

(* A process starts from nothing: before and after are the same.           *)
EmitFresh(n) == LET fresh == Fresh(n, gen[n] + 1) IN Line("Fresh", n, n, fresh, Start(fresh))

(* What a correct member never sends, but a member has to handle: any      *)
(* packet about any life so far.  The sets have one element, so that it is *)
(* drawn once.                                                             *)
Draw(set) == {RandomElement(set)}
AnyIncarnation == {0, 1, Incarnation, MaxInc}

AnyRecord(address) ==
    RandomElement({None} \cup [g : 1 .. gen[address], i : AnyIncarnation, st : {"alive", "suspect", "down"}])

(* As often any life at all as one that n knows, or that of n itself.      *)
AnyIdentity(n) ==
    LET lives == UNION {{[a |-> x, g |-> y] : y \in 1 .. gen[x]} : x \in Node}
        known == {IdOf(st[n], x) : x \in ActiveOf(st[n]) \cup DownOf(st[n])} \cup {st[n].id}
    IN RandomElement({RandomElement(lives), RandomElement(known)})

(* Only an announcement may leave the generation open (R9.3).              *)
AnyDestination(n, kind) ==
    RandomElement({st[n].id, [a |-> n, g |-> IF kind = "announce" THEN 0 ELSE RandomElement(1 .. gen[n])]})

(* Of the messages that are "data", one names a third member (R8.5).       *)
AnyNamed(n, kind) ==
    CASE kind \in IndirectKinds -> AnyIdentity(n)
      [] kind = "data"          -> RandomElement({NoOne, AnyIdentity(n)})
      [] OTHER                  -> NoOne

(* A TurnUndead that can be refuted has one record at most, of any member. *)
AnyUpdates(n, kind) ==
    CASE kind = "turnundead" /\ CanRefute ->
           RandomElement({NoUpdates, [NoUpdates EXCEPT ![n] = AnyRecord(n)],
                          LET x == RandomElement(Node) IN [NoUpdates EXCEPT ![x] = AnyRecord(x)]})
      [] OTHER ->
           IF RandomElement(BOOLEAN) THEN NoUpdates
           ELSE [x \in Node |-> IF RandomElement(BOOLEAN) THEN None ELSE AnyRecord(x)]

Forge ==
    \E n \in run, k \in Draw(Kinds \cup IndirectKinds) :
        \E p \in {[k |-> k,
                   src |-> AnyIdentity(n),
                   si |-> RandomElement(AnyIncarnation),
                   dst |-> AnyDestination(n, k),
                   to |-> AnyNamed(n, k),
                   ups |-> AnyUpdates(n, k)]} :
            /\ Step(n, "receive", Receive(st[n], p), net)
            /\ UNCHANGED fuel
            /\ EmitReceive(p)

(* A probe that began when its target was at any incarnation, or had       *)
(* another identity.                                                       *)
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
         \/ RestartBehind(n)
         \/ \E m \in Node :
              \/ Ping(n, m) /\ EmitPing(n, m)
              \/ FailedProbe(n, m) /\ EmitSuspect(n, m, st[n].mem[m])
              \/ FalseSuspicion(n, m) /\ EmitSuspect(n, m, st[n].mem[m])
              \/ Join(n, m) /\ Emit("Announce", n, m, Announce(st[n], [a |-> m, g |-> 0]))
              \/ Spend(n, m) /\ EmitSpend(n, m)
              \/ ForgetTombstone(n, m) /\ Emit("Unbury", n, m, Unbury(st[n], m))
         \/ \E t \in st[n].susp :
              (Timeout(n, t) \/ ScheduleAgain(n, t)) /\ Emit("Expire", n, <<t.a, t.g, t.i>>, Expire(st[n], t))
         \/ \E t \in st[n].rem : ForgetDown(n, t) /\ Emit("Forget", n, <<t.a, t.g, t.i>>, Forget(st[n], t))

(* Each member knows each other, at the incarnation of the model: near the *)
(* highest one, R12.9 is near.                                             *)
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
