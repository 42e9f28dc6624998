--------------------------- MODULE SwimBroadcast ---------------------------
(***************************************************************************)
(* Custom broadcasts (R8.3, R8.6, R8.7, R9.5): what enters the backlog,    *)
(* what a packet takes along, and what a receiver passes on.               *)
(*                                                                         *)
(* An item has a key and a version.  The key is the address of its author, *)
(* so the versions of a key are in order.  All handlers obey one law: an   *)
(* item is new if its version is newer than any before.                    *)
(*                                                                         *)
(* The backlog of updates is the same code.  There the key is the address  *)
(* that an update is about (R3.1), and Supersedes says what is newer.  So  *)
(* TransmissionsAreBounded speaks for both, save for what R12.14 sends     *)
(* beside the backlog.                                                     *)
(*                                                                         *)
(* Abstractions: all items have one size.  Every message that items may    *)
(* ride along with is "data", an answer too, save the Broadcast of R8.3.   *)
(* One that carries no item has no effect here and is left out.  Everybody *)
(* is active.  A handler never fails.                                      *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Node,              \* the addresses
    Key,               \* the authors, some of Node
    Open,              \* to whom the filter lets items ride along
    Versions,          \* how many versions each author makes
    MaxTransmissions,  \* how many packets of a member may carry an item
    Room,              \* how many items fit into a packet
    Calls,             \* how many Broadcasts callers ask for
    Losses, Repeats,   \* how many packets are lost, and how many repeated
    InPasses,          \* whether data goes to all others in turn, as pings do (R7.1)
    Law                \* the laws that are obeyed; with all of them this is what we run

Obeys(law) == law \in Law

-----------------------------------------------------------------------------
(* One member.  s is what it knows:                                        *)
(*   had   the newest version of each key that its handler has seen        *)
(*   back  the backlog: items, each with its transmissions left            *)

Start == [had |-> [x \in Key |-> 0], back |-> {}]

(* R8.7: whether an item makes another one worthless.  BroadcastKey.Invalidates *)
Invalidates(vi, vo) == vi.k = vo.k

(* R8.7: first those leave that the key invalidates; the new one has a     *)
(* fresh budget.  UpdateQueue.enqueueBroadcast *)
Enqueue(qb, qk, qv) ==
    LET new == [k |-> qk, v |-> qv, left |-> MaxTransmissions]
        stay == IF Obeys("R8.7") THEN {e \in qb : ~Invalidates(new, e)} ELSE qb
    IN stay \cup {new}

(* R9.5: the handler is asked about an item.  What is new is passed on.    *)
(* Receiving.offerBroadcasts, Protocol.acceptBroadcast *)
Offer(os, ok, ov) ==
    IF ov > os.had[ok] \/ ~Obeys("R9.5")
    THEN [had |-> [os.had EXCEPT ![ok] = ov], back |-> Enqueue(os.back, ok, ov)]
    ELSE os

(* R9.5: all items of a packet, one by one.  No two are of one key, so the *)
(* order makes no difference.                                              *)
RECURSIVE OfferAll(_, _)
OfferAll(as, ai) ==
    IF ai = {} THEN as
    ELSE LET one == CHOOSE x \in ai : TRUE
         IN OfferAll(Offer(as, one.k, one.v), ai \ {one})

(* R8.6: what a packet may take: as many as fit, those with the most       *)
(* transmissions left first.  Backlog.fill *)
Fills(fb) ==
    {c \in SUBSET fb :
        /\ Cardinality(c) = IF Cardinality(fb) < Room THEN Cardinality(fb) ELSE Room
        /\ \A x \in c, y \in fb \ c : x.left >= y.left}

(* R8.6: each inclusion costs one; at zero the entry leaves.  Backlog.fill *)
Charge(cb, cc) ==
    IF Obeys("R8.6")
    THEN (cb \ cc) \cup {[e EXCEPT !.left = @ - 1] : e \in {x \in cc : x.left > 1}}
    ELSE cb

(* R8.7: the filter is asked about the receiver.  Sending.takeBroadcasts *)
Takes(ts, tm) == IF tm \in Open THEN Fills(ts.back) ELSE {{}}

-----------------------------------------------------------------------------
(* The world.                                                              *)

VARIABLES
    st,       \* what the member at each address knows
    turn,     \* whom each member still visits in this pass
    net,      \* the packets under way: a set, so any order is possible
    fuel,     \* what the world and the callers may still do
    sent,     \* how many packets of each member have carried each item
    packets,  \* how many packets were sent in all
    flaw      \* the step properties that were broken

vars == <<st, turn, net, fuel, sent, packets, flaw>>

Others(on) == Node \ {on}
Has(fk) == fuel[fk] > 0
Burn(bk) == fuel' = [fuel EXCEPT ![bk] = @ - 1]

(* R7.1: the passes may be anywhere when the story begins. *)
Turns == {f \in [Node -> SUBSET Node] : \A x \in Node : f[x] # {} /\ x \notin f[x]}

Init ==
    /\ st = [x \in Node |-> Start]
    /\ turn \in IF InPasses THEN Turns ELSE {[x \in Node |-> Others(x)]}
    /\ net = {}
    /\ fuel = [call |-> Calls, loss |-> Losses, dup |-> Repeats]
    /\ sent = [x \in Node |-> [y \in Key |-> [z \in 1 .. Versions |-> 0]]]
    /\ packets = 0
    /\ flaw = {}

(* What must hold of every step, seen from outside. *)
Flaws(before, after, taken) ==
    (IF \E x \in Key : after.had[x] < before.had[x] THEN {"NobodyGoesBack"} ELSE {})
    \cup
    (IF \E e \in taken : e.v < before.had[e.k] THEN {"InvalidatedIsNotSent"} ELSE {})

(* R8.7: an author has something to say.  SwimInstance.AddBroadcast *)
Publish(n) ==
    /\ n \in Key /\ st[n].had[n] < Versions
    /\ st' = [st EXCEPT ![n] = Offer(@, n, @.had[n] + 1)]
    /\ UNCHANGED <<turn, net, fuel, sent, packets, flaw>>

(* R8.6: from sn to sm, of the kind sk.  Sending.sendAbout *)
Send(sn, sm, sk) ==
    \E c \in Takes(st[sn], sm) :
        /\ c # {}
        /\ st' = [st EXCEPT ![sn].back = Charge(@, c)]
        /\ net' = net \cup {[k |-> sk, f |-> sn, t |-> sm, items |-> c]}
        /\ sent' = [sent EXCEPT ![sn] =
             [y \in Key |-> [z \in 1 .. Versions |->
                 @[y][z] + Cardinality({e \in c : e.k = y /\ e.v = z})]]]
        /\ packets' = packets + 1
        /\ flaw' = flaw \cup Flaws(st[sn], st[sn], c)

(* R8.5: items ride along with whatever is sent. *)
Ride(n, m) ==
    /\ m \in turn[n]
    /\ Send(n, m, "data")
    /\ turn' = IF InPasses
               THEN [turn EXCEPT ![n] = IF @ = {m} THEN Others(n) ELSE @ \ {m}]
               ELSE turn
    /\ UNCHANGED fuel

(* R8.3: a caller asks; one packet of those that it causes.  Sending.broadcast *)
Broadcast(n, m) ==
    /\ Has("call") /\ m \in Others(n)
    /\ Send(n, m, "broadcast")
    /\ Burn("call")
    /\ UNCHANGED turn

(* R9.5: what a packet brings.  Receiving.receive *)
Receive(rp) ==
    LET heard == OfferAll(st[rp.t], rp.items)
    IN /\ st' = [st EXCEPT ![rp.t] = heard]
       /\ flaw' = flaw \cup Flaws(st[rp.t], heard, {})
       /\ UNCHANGED <<turn, sent, packets>>

Deliver(p) == Receive(p) /\ net' = net \ {p} /\ UNCHANGED fuel
Repeat(p) == Has("dup") /\ Receive(p) /\ UNCHANGED net /\ Burn("dup")

Lose(p) ==
    /\ Has("loss")
    /\ net' = net \ {p}
    /\ Burn("loss")
    /\ UNCHANGED <<st, turn, sent, packets, flaw>>

Next ==
    \/ \E p \in net : Deliver(p) \/ Repeat(p) \/ Lose(p)
    \/ \E n \in Node : \/ Publish(n)
                       \/ \E m \in Node : Ride(n, m) \/ Broadcast(n, m)

Spec == Init /\ [][Next]_vars
Fair == Spec /\ WF_vars(Next)

-----------------------------------------------------------------------------
(* No item is in more packets of a member than it may be, whatever comes   *)
(* back to it (R8.6).                                                      *)
TransmissionsAreBounded ==
    /\ \A n \in Node, y \in Key, z \in 1 .. Versions : sent[n][y][z] <= MaxTransmissions
    /\ \A n \in Node : \A e \in st[n].back :
          e.left >= 1 /\ sent[n][e.k][e.v] + e.left <= MaxTransmissions

(* Who knows a newer item sends the older one no more (R8.7). *)
InvalidatedIsNotSent == "InvalidatedIsNotSent" \notin flaw

(* One item of a key waits, the newest (R8.7). *)
OneItemPerKey == \A n \in Node : \A e \in st[n].back : e.v = st[n].had[e.k]

(* Nobody has an older version after a newer one (R9.5). *)
NobodyGoesBack == "NobodyGoesBack" \notin flaw

(* What was sent in all is bounded by what there was to say: no exchange of *)
(* items feeds itself. *)
NoBroadcastStorm ==
    packets <= Cardinality(Node) * Cardinality(Key) * Versions * MaxTransmissions

(* A Broadcast has something to say (R8.3), and nobody is sent an item that *)
(* the filter keeps from it (R8.7). *)
BroadcastsAreMeant ==
    \A p \in net : (p.k = "broadcast" => p.items # {}) /\ (p.items # {} => p.t \in Open)

(* Nothing waits and nothing is under way: nobody will hear more. *)
Quiet == net = {} /\ \A n \in Node : st[n].back = {}

(* When all is quiet, whoever may have it has the newest of everything.    *)
(* Not a law of the protocol: it needs fewer losses than transmissions,    *)
(* and from three members on receivers that come in turn and transmissions *)
(* for two passes, less one.  Otherwise it is a matter of chance.          *)
NewestReached ==
    Quiet => \A n \in Open, y \in Key : st[n].had[y] = st[y].had[y]

(* It becomes quiet in the end, all versions are out, and all have them. *)
Settles == <>[](Quiet /\ \A n \in Open, y \in Key : st[n].had[y] = Versions)
=============================================================================
