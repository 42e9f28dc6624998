--------------------------- MODULE SwimBroadcast ---------------------------
(***************************************************************************)
(* Custom broadcasts (R8.3, R8.6, R8.7, R9.5): what enters the backlog,    *)
(* what a packet carries, and what a receiver disseminates further.        *)
(*                                                                         *)
(* An item has a key and a version.  The key is the address of its author, *)
(* so the versions of a key are in order.  To every handler an item is new *)
(* if its version is newer than any before.                                *)
(*                                                                         *)
(* The backlog of updates is the same code.  There the key is the address  *)
(* that an update is about (R3.1), and Supersedes says what is newer.  So  *)
(* TransmissionsAreBounded holds for both, except for what R12.14 sends    *)
(* beside the backlog.                                                     *)
(*                                                                         *)
(* Abstractions: all items have one size.  Every message that may carry    *)
(* items is "data", an answer too, except the Broadcast of R8.3.  One that *)
(* carries no item has no effect here and is left out.  All members are    *)
(* active.  A handler never fails.                                         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Node,              \* the addresses
    Key,               \* the authors, some of Node
    Open,              \* the receivers to which the filter lets items be sent
    Versions,          \* how many versions each author makes
    MaxTransmissions,  \* how many packets of a member may carry an item
    Room,              \* how many items fit into a packet
    Calls,             \* how many Broadcasts callers ask for
    Losses, Repeats,   \* how many packets are lost, and how many repeated
    InPasses,          \* whether data goes to all others in turn, as pings do (R7.1)
    Rules              \* the rules that are obeyed; with all of them this is the protocol

Obeys(rule) == rule \in Rules

-----------------------------------------------------------------------------
(* One member.  me is what it knows:                                       *)
(*   had   the newest version of each key that its handler has seen        *)
(*   back  the backlog: items, each with its transmissions left            *)

Start == [had |-> [x \in Key |-> 0], back |-> {}]

(* R8.7: whether an item invalidates another.  BroadcastKey.Invalidates    *)
Invalidates(new, old) == new.k = old.k

(* R8.7: the new item removes those that its key invalidates, and has its  *)
(* full number of transmissions.  UpdateQueue.enqueueBroadcast             *)
Enqueue(backlog, key, version) ==
    LET new == [k |-> key, v |-> version, left |-> MaxTransmissions]
        kept == IF Obeys("R8.7") THEN {e \in backlog : ~Invalidates(new, e)} ELSE backlog
    IN kept \cup {new}

(* R9.5: the handler is asked about an item.  A new one is disseminated.   *)
(* Receiving.offerBroadcasts, Protocol.acceptBroadcast                     *)
Offer(me, key, version) ==
    IF version > me.had[key] \/ ~Obeys("R9.5")
    THEN [had |-> [me.had EXCEPT ![key] = version], back |-> Enqueue(me.back, key, version)]
    ELSE me

(* R9.5: all items of a packet, one by one.  No two are of one key, so the *)
(* order makes no difference.                                              *)
RECURSIVE OfferAll(_, _)
OfferAll(me, items) ==
    IF items = {} THEN me
    ELSE LET one == CHOOSE x \in items : TRUE
         IN OfferAll(Offer(me, one.k, one.v), items \ {one})

(* R8.6: what a packet may carry: as many as fit, those with the most      *)
(* transmissions left first.  Backlog.fill                                 *)
Fills(backlog) ==
    {c \in SUBSET backlog :
        /\ Cardinality(c) = IF Cardinality(backlog) < Room THEN Cardinality(backlog) ELSE Room
        /\ \A x \in c, y \in backlog \ c : x.left >= y.left}

(* R8.6: each inclusion costs one transmission; an entry without any       *)
(* leaves.  Backlog.fill                                                   *)
Charge(backlog, carried) ==
    IF Obeys("R8.6")
    THEN (backlog \ carried) \cup {[e EXCEPT !.left = @ - 1] : e \in {x \in carried : x.left > 1}}
    ELSE backlog

(* R8.7: the filter is asked about the receiver.  Sending.takeBroadcasts   *)
Takes(me, receiver) == IF receiver \in Open THEN Fills(me.back) ELSE {{}}

-----------------------------------------------------------------------------
(* The world.                                                              *)

VARIABLES
    st,       \* what the member at each address knows
    turn,     \* the members that each member still visits in this pass
    net,      \* the packets under way: a set, so any order is possible
    fuel,     \* what the world and the callers may still do
    sent,     \* how many packets of each member have carried each item
    packets,  \* how many packets were sent in all
    flaw      \* the step properties that were broken

vars == <<st, turn, net, fuel, sent, packets, flaw>>

Others(n) == Node \ {n}
Has(action) == fuel[action] > 0
Burn(action) == fuel' = [fuel EXCEPT ![action] = @ - 1]

(* R7.1: a pass may be at any point at the start. *)
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
    (IF \E x \in Key : after.had[x] < before.had[x] THEN {"VersionsNeverGoBack"} ELSE {})
    \cup
    (IF \E e \in taken : e.v < before.had[e.k] THEN {"InvalidatedIsNotSent"} ELSE {})

(* R8.7: an author publishes its next version.  SwimInstance.AddBroadcast *)
Publish(n) ==
    /\ n \in Key /\ st[n].had[n] < Versions
    /\ st' = [st EXCEPT ![n] = Offer(@, n, @.had[n] + 1)]
    /\ UNCHANGED <<turn, net, fuel, sent, packets, flaw>>

(* R8.6: a packet of this kind with items.  Sending.sendAbout *)
Send(from, to, kind) ==
    \E c \in Takes(st[from], to) :
        /\ c # {}
        /\ st' = [st EXCEPT ![from].back = Charge(@, c)]
        /\ net' = net \cup {[k |-> kind, f |-> from, t |-> to, items |-> c]}
        /\ sent' = [sent EXCEPT ![from] =
             [y \in Key |-> [z \in 1 .. Versions |->
                 @[y][z] + Cardinality({e \in c : e.k = y /\ e.v = z})]]]
        /\ packets' = packets + 1
        /\ flaw' = flaw \cup Flaws(st[from], st[from], c)

(* R8.5: items ride along with the messages that a member sends. *)
Ride(n, m) ==
    /\ m \in turn[n]
    /\ Send(n, m, "data")
    /\ turn' = IF InPasses
               THEN [turn EXCEPT ![n] = IF @ = {m} THEN Others(n) ELSE @ \ {m}]
               ELSE turn
    /\ UNCHANGED fuel

(* R8.3: a caller asks for a Broadcast: one of its packets.  Sending.broadcast *)
Broadcast(n, m) ==
    /\ Has("call") /\ m \in Others(n)
    /\ Send(n, m, "broadcast")
    /\ Burn("call")
    /\ UNCHANGED turn

(* R9.5: the items of a packet arrive.  Receiving.receive *)
Receive(p) ==
    LET heard == OfferAll(st[p.t], p.items)
    IN /\ st' = [st EXCEPT ![p.t] = heard]
       /\ flaw' = flaw \cup Flaws(st[p.t], heard, {})
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

(* A member that knows a newer item sends the older one no more (R8.7). *)
InvalidatedIsNotSent == "InvalidatedIsNotSent" \notin flaw

(* One item of a key waits, the newest (R8.7). *)
OneItemPerKey == \A n \in Node : \A e \in st[n].back : e.v = st[n].had[e.k]

(* No member has an older version after a newer one (R9.5). *)
VersionsNeverGoBack == "VersionsNeverGoBack" \notin flaw

(* What was sent in all is bounded by what was published: no exchange of   *)
(* items feeds itself.                                                     *)
NoBroadcastStorm ==
    packets <= Cardinality(Node) * Cardinality(Key) * Versions * MaxTransmissions

(* A Broadcast carries items (R8.3), and no member is sent an item that    *)
(* the filter keeps from it (R8.7).                                        *)
BroadcastsAreMeant ==
    \A p \in net : (p.k = "broadcast" => p.items # {}) /\ (p.items # {} => p.t \in Open)

(* No item waits and none is under way: no member will receive another.    *)
Quiet == net = {} /\ \A n \in Node : st[n].back = {}

(* When all is quiet, each member that may have items has the newest of    *)
(* each key.  This is not a property of the protocol: it needs fewer losses*)
(* than transmissions, and from three members on receivers in turn and     *)
(* transmissions for two passes, less one.  Otherwise it is left to chance. *)
NewestReached ==
    Quiet => \A n \in Open, y \in Key : st[n].had[y] = st[y].had[y]

(* It becomes quiet in the end, all versions are published, and all members *)
(* have them.                                                              *)
Settles == <>[](Quiet /\ \A n \in Open, y \in Key : st[n].had[y] = Versions)
=============================================================================
