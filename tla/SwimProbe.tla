----------------------------- MODULE SwimProbe -----------------------------
(***************************************************************************)
(* The probe cycle (R7): one prober, the members it probes in turn, and the*)
(* same members as helpers.  A packet stays in the network and can be      *)
(* delivered any number of times: every stale or repeated answer that there*)
(* can be is among the behaviours.                                         *)
(***************************************************************************)
EXTENDS Integers

CONSTANTS
    Peer,       \* the members that are probed, and that help
    Modulus,    \* probe numbers count up to this and begin again
    MaxProbes,  \* how many probes there are
    Fix         \* "R12.10": an answer must be of the member that is probed

VARIABLES
    number,    \* how many probes were begun; probe numbers are this, modulo
    target,    \* the member that is probed, or 0
    answered,  \* whether an answer counted
    indirect,  \* whether the indirect stage was reached
    helpers,   \* the members whose forwarded answer still counts
    net,       \* all packets ever sent
    heard,     \* [probe, peer]: the peer answered a ping that this very probe caused
    suspects   \* [probe, peer]: the probe ended without an answer

vars == <<number, target, answered, indirect, helpers, net, heard, suspects>>

On(amendment) == amendment \in Fix
Wire(probe) == probe % Modulus

(* A packet: kind, from, to, the third member or 0, the number on the wire, *)
(* and the probe that caused it, which no member can see.                   *)
Packet(kind, from, to, third, probe) ==
    [k |-> kind, f |-> from, t |-> to, x |-> third, n |-> Wire(probe), p |-> probe]
Prober == 0

Init ==
    /\ number = 0 /\ target = 0 /\ answered = FALSE /\ indirect = FALSE
    /\ helpers = {} /\ net = {} /\ heard = {} /\ suspects = {}

(* R7.2: the period is over.  Probing.probeRandomMember *)
Probe(m) ==
    /\ number < MaxProbes
    /\ target = 0 \/ indirect          \* the host keeps its timers in order
    /\ suspects' = IF target # 0 /\ ~answered
                   THEN suspects \cup {[p |-> number, m |-> target]} ELSE suspects
    /\ number' = number + 1
    /\ target' = m
    /\ answered' = FALSE
    /\ indirect' = FALSE
    /\ helpers' = {}
    /\ net' = net \cup {Packet("ping", Prober, m, 0, number + 1)}
    /\ UNCHANGED heard

(* R7.3: no direct answer in time.  Probing.sendIndirect *)
SendIndirectProbe ==
    /\ target # 0 /\ ~indirect
    /\ indirect' = TRUE
    /\ IF answered THEN UNCHANGED <<helpers, net>>
       ELSE /\ helpers' = Peer \ {target}
            /\ net' = net \cup {Packet("pingreq", Prober, h, target, number) : h \in Peer \ {target}}
    /\ UNCHANGED <<number, target, answered, heard, suspects>>

(* R8.5: what the peers answer.  Receiving.answer *)
Answer(q) ==
    /\ q \in net /\ q.t # Prober
    /\ LET reply == CASE q.k = "ping"    -> {Packet("ack", q.t, q.f, 0, q.p)}
                      [] q.k = "pingreq" -> {Packet("indirectping", q.t, q.x, q.f, q.p)}
                      [] q.k = "indirectping" -> {Packet("indirectack", q.t, q.f, q.x, q.p)}
                      [] q.k = "indirectack"  -> {Packet("forwardedack", q.t, q.x, q.f, q.p)}
                      [] OTHER -> {}
       IN /\ ~(reply \subseteq net)
          /\ net' = net \cup reply
          /\ heard' = IF q.k \in {"ping", "indirectping"}
                      THEN heard \cup {[p |-> q.p, m |-> q.t]} ELSE heard
    /\ UNCHANGED <<number, target, answered, indirect, helpers, suspects>>

(* R7.4: the target answered.  Probing.acknowledge *)
ReceiveAck(q) ==
    /\ q \in net /\ q.k = "ack" /\ ~answered
    /\ target # 0 /\ q.n = Wire(number) /\ q.f = target
    /\ answered' = TRUE
    /\ UNCHANGED <<number, target, indirect, helpers, net, heard, suspects>>

(* R7.4, R12.10: a helper forwarded an answer.  Probing.acknowledgeForwarded *)
ReceiveForwardedAck(q) ==
    /\ q \in net /\ q.k = "forwardedack"
    /\ target # 0 /\ q.n = Wire(number) /\ q.f \in helpers
    /\ On("R12.10") => q.x = target
    /\ answered' = TRUE
    /\ helpers' = helpers \ {q.f}
    /\ UNCHANGED <<number, target, indirect, net, heard, suspects>>

Next ==
    \/ SendIndirectProbe
    \/ \E m \in Peer : Probe(m)
    \/ \E q \in net : Answer(q) \/ ReceiveAck(q) \/ ReceiveForwardedAck(q)

Spec == Init /\ [][Next]_vars

(* A probe succeeds only if its target answered a ping of this very probe. *)
OnlyTheTargetAnswers == answered => [p |-> number, m |-> target] \in heard

(* Even if numbers wrap around: what counts is at least about this target. *)
AnswersAreAboutTheTarget == answered => \E a \in heard : a.m = target

(* The target is never asked to help to probe itself. *)
ProbesAreOfPeers == target \notin helpers /\ \A q \in net : q.k = "pingreq" => q.t # q.x
=============================================================================
