----------------------------- MODULE SwimTrace -----------------------------
(***************************************************************************)
(* Follows what real members did.  `tla/check --traces` writes their lines *)
(* into the module TraceData; each line must be a step of Swim, from what  *)
(* the member knew to what it knew then, with the same packets and         *)
(* notifications.                                                          *)
(*                                                                         *)
(* A line has one successor, as every choice that a member made is in the  *)
(* line.  Of the members whose next line can be followed the lowest takes  *)
(* its step: the order in which members are followed does not matter, since*)
(* what was sent once stays sent.  So the states are one line of their own,*)
(* one for each line of the trace.  The first line that is no step of the  *)
(* spec ends it, and `wrong` tells in which parts the two differ.          *)
(*                                                                         *)
(* Everything ever sent is what the lines followed so far have sent, so it *)
(* is not kept in a state; net is only what the last step sent.            *)
(***************************************************************************)
EXTENDS TraceLine

VARIABLES
    pos,    \* each member's next line
    probe,  \* the probe that each member has under way
    last,   \* the member whose line was followed last, 0 for none
    wrong   \* in what its line differs: <<part, the spec's, the trace's>>, in turn

traced == <<vars, pos, probe, last, wrong>>

-----------------------------------------------------------------------------
(* Following.                                                              *)

TraceInit ==
    /\ st = [x \in Node |-> Fresh(x, 0)]
    /\ run = {}
    /\ net = {}
    /\ gen = [x \in Node |-> 0]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}
    /\ pos = [x \in Node |-> 1]
    /\ probe = [x \in Node |-> NoProbe]
    /\ last = 0
    /\ wrong = <<>>

Unfinished == {x \in Node : pos[x] <= Len(Lines[x])}
Current(n) == Lines[n][pos[n]]

(* A packet arrives only after it was sent.                                *)
WasSent(packet) == \E each \in Packets[packet].sent : each[2] < pos[each[1]]
IsWaiting(line) == line.op = "Receive" /\ ~WasSent(line.arg.packet)

Lowest(set) == CHOOSE x \in set : \A y \in set : x <= y

(* R7.4: a message that may be the answer.  (Ack and Gossip are one kind.) *)
IsAnswer(ap, aid, apacket) ==
    /\ apacket.k = "data" /\ apacket.dst = FlatId(aid)
    /\ \/ apacket.src = <<ap.a, ap.g>> /\ apacket.to[1] = 0
       \/ apacket.to = <<ap.a, ap.g>>

NextProbe(qp, qline, qbefore, qafter) ==
    CASE qline.op = "Start" \/ qafter.id # qbefore.id \/ qafter.conn # "active" -> NoProbe
      [] qline.op = "Probe" /\ qafter.conn = "active" ->
           [a |-> qline.arg.target, g |-> qafter.mem[qline.arg.target].g, i |-> qafter.mem[qline.arg.target].i,
            asked |-> FALSE, answered |-> FALSE]
      [] qline.op = "SendIndirectProbe" /\ qafter.conn = "active" ->
           [qp EXCEPT !.asked = @ \/ qline.arg.target = qp.a]
      [] qline.op = "Receive" /\ qafter.conn = "active" /\ qafter.id = qbefore.id ->
           [qp EXCEPT !.answered = @ \/ IsAnswer(qp, qafter.id, Packets[qline.arg.packet])]
      [] OTHER -> qp

Refuse(n, why) ==
    /\ wrong' = why
    /\ last' = n
    /\ UNCHANGED <<vars, pos, probe>>

(* A process starts, and knows nothing of what was before.                 *)
FollowStart(n, took) ==
    /\ st' = [st EXCEPT ![n] = took.s]
    /\ run' = run \cup {n}
    /\ gen' = [gen EXCEPT ![n] = took.s.id.g]
    /\ dead' = {each \in dead : each.n # n}
    /\ UNCHANGED <<net, fuel, flaw>>

(* R12.7: once a tombstone is gone, what it held out may come back.        *)
FollowUnbury(n, line, took) ==
    /\ st' = [st EXCEPT ![n] = took.s]
    /\ dead' = {each \in dead : each.n # n \/ each.a # line.arg}
    /\ UNCHANGED <<run, net, gen, fuel, flaw>>

TakeLine(n, line) ==
    \E why \in {MayTake(n, st[n], probe[n], line)} :
      IF why # <<>> THEN Refuse(n, why)
      ELSE \E took \in {StepOf(n, st[n], line)} :
             \E differences \in {Differences(st[n], took, line)} :
               IF differences # <<>> THEN Refuse(n, differences)
               ELSE /\ CASE line.op = "Start"  -> FollowStart(n, took)
                         [] line.op = "Unbury" -> FollowUnbury(n, line, took)
                         [] OTHER -> /\ Step(n, EventOfLine(line), Without(took, SpentIn(took, line.after.up)), {})
                                     /\ UNCHANGED fuel
                    /\ pos' = [pos EXCEPT ![n] = @ + 1]
                    /\ probe' = [probe EXCEPT ![n] = NextProbe(@, line, st[n], took.s)]
                    /\ last' = n
                    /\ UNCHANGED wrong

(* All wait for packets: the lowest that waits for one that nobody sends.  *)
Stuck ==
    LET never == {x \in Unfinished : Packets[Current(x).arg.packet].sent = {}}
    IN Refuse(Lowest(IF never # {} THEN never ELSE Unfinished),
              <<<<"argument", "no such packet was sent">>>>)

TraceNext ==
    /\ wrong = <<>>
    /\ Unfinished # {}
    /\ \E ready \in {{x \in Unfinished : ~IsWaiting(Current(x))}} :
         IF ready = {} THEN Stuck
         ELSE \E n \in {Lowest(ready)} : \E line \in {Current(n)} : TakeLine(n, line)

SpecTrace == TraceInit /\ [][TraceNext]_traced

(* Within a generation nobody is ahead of its owner.  One that cannot renew *)
(* may come back under the same generation at incarnation 0 (R6.3).        *)
IncarnationsOfRenewableWereReceived ==
    \A n \in run, a \in run \cap Renewable :
        (IsActive(st[n].mem[a]) /\ st[n].mem[a].g = st[a].id.g) => st[n].mem[a].i <= st[a].inc

(* The line is a step of the spec. *)
EveryLineIsAStep == wrong = <<>>
=============================================================================
