----------------------------- MODULE SwimTrace -----------------------------
(***************************************************************************)
(* Follows what real members did.  `tla/check --traces` writes their lines *)
(* into the module TraceData; each line must be a step of Swim, from what  *)
(* the member knew to what it knew then, with the same packets and events. *)
(*                                                                         *)
(* A line has one successor, as it holds every choice that the member made.*)
(* Of the members whose next line can be followed the lowest takes its     *)
(* step: the order in which members are followed does not matter, since a  *)
(* packet stays sent.  So the states form one line, with one state for each*)
(* line of the trace.  The first line that is no step of the spec ends it, *)
(* and `wrong` says in which parts the two differ.                         *)
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
WasSent(index) == \E each \in Packets[index].sent : each[2] < pos[each[1]]
IsWaiting(line) == line.op = "Receive" /\ ~WasSent(line.arg.packet)

Lowest(set) == CHOOSE x \in set : \A y \in set : x <= y

(* R7.4: a message that may be the answer.  (Ack and Gossip are one kind.) *)
IsAnswer(current, id, packet) ==
    /\ packet.k = "data" /\ packet.dst = FlatId(id)
    /\ \/ packet.src = <<current.a, current.g>> /\ packet.to[1] = 0
       \/ packet.to = <<current.a, current.g>>

NextProbe(current, line, before, after) ==
    CASE line.op = "Start" \/ after.id # before.id \/ after.conn # "active" -> NoProbe
      [] line.op = "Probe" /\ after.conn = "active" ->
           [a |-> line.arg.target, g |-> after.mem[line.arg.target].g, i |-> after.mem[line.arg.target].i,
            asked |-> FALSE, answered |-> FALSE]
      [] line.op = "SendIndirectProbe" /\ after.conn = "active" ->
           [current EXCEPT !.asked = @ \/ line.arg.target = current.a]
      [] line.op = "Receive" /\ after.conn = "active" /\ after.id = before.id ->
           [current EXCEPT !.answered = @ \/ IsAnswer(current, after.id, Packets[line.arg.packet])]
      [] OTHER -> current

Refuse(n, why) ==
    /\ wrong' = why
    /\ last' = n
    /\ UNCHANGED <<vars, pos, probe>>

(* A process starts, and knows nothing of its earlier lives.               *)
FollowStart(n, step) ==
    /\ st' = [st EXCEPT ![n] = step.state]
    /\ run' = run \cup {n}
    /\ gen' = [gen EXCEPT ![n] = step.state.id.g]
    /\ dead' = {each \in dead : each.n # n}
    /\ UNCHANGED <<net, fuel, flaw>>

(* R12.7: once a tombstone has expired, the buried member may come back.   *)
FollowUnbury(n, line, step) ==
    /\ st' = [st EXCEPT ![n] = step.state]
    /\ dead' = {each \in dead : each.n # n \/ each.a # line.arg}
    /\ UNCHANGED <<run, net, gen, fuel, flaw>>

TakeLine(n, line) ==
    \E why \in {MayTake(n, st[n], probe[n], line)} :
      IF why # <<>> THEN Refuse(n, why)
      ELSE \E step \in {StepOf(n, st[n], line)} :
             \E differences \in {Differences(st[n], step, line)} :
               IF differences # <<>> THEN Refuse(n, differences)
               ELSE /\ CASE line.op = "Start"  -> FollowStart(n, step)
                         [] line.op = "Unbury" -> FollowUnbury(n, line, step)
                         [] OTHER -> /\ Step(n, EventOfLine(line), Without(step, SpentIn(step, line.after.up)), {})
                                     /\ UNCHANGED fuel
                    /\ pos' = [pos EXCEPT ![n] = @ + 1]
                    /\ probe' = [probe EXCEPT ![n] = NextProbe(@, line, st[n], step.state)]
                    /\ last' = n
                    /\ UNCHANGED wrong

(* All wait for packets: the lowest that waits for one that is never sent. *)
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

(* Within a generation no record is ahead of its owner.  An owner that     *)
(* cannot renew may come back under the same generation at incarnation 0   *)
(* (R6.3).                                                                 *)
IncarnationsOfRenewableWereReceived ==
    \A n \in run, a \in run \cap Renewable :
        (IsActive(st[n].mem[a]) /\ st[n].mem[a].g = st[a].id.g) => st[n].mem[a].i <= st[a].inc

(* The line is a step of the spec. *)
EveryLineIsAStep == wrong = <<>>
=============================================================================
