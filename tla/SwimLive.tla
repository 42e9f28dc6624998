----------------------------- MODULE SwimLive -----------------------------
(***************************************************************************)
(* Liveness: what holds eventually, once the trouble is over.  The members *)
(* and the world are those of Swim; here a member does without end what it *)
(* does by itself, and fairly: each link delivers each kind of message,    *)
(* timers fire, probes and announcements are repeated.  Trouble has fuel,  *)
(* so it ends.                                                             *)
(*                                                                         *)
(* A ping or an announcement that would change nothing, neither where it   *)
(* arrives nor by its answer, is not sent: it would only multiply the      *)
(* states.  (The safety models do send them, since a packet that changes   *)
(* nothing today may be stale tomorrow.)                                   *)
(***************************************************************************)
EXTENDS Swim

VARIABLE beat   \* alternates while there is no work

(* One probe, and one announcement, on each link at a time.                *)
Underway(from, to, kind) == \E p \in net : p.src.a = from /\ p.dst.a = to /\ p.k = kind

(* Whether p would change anything. *)
Matters(p) ==
    /\ p.dst.a \in run
    /\ LET heard == Receive(st[p.dst.a], p)
       IN \/ heard.state # st[p.dst.a]
          \/ \E q \in heard.out : q.dst.a \in run /\ Receive(st[q.dst.a], q).state # st[q.dst.a]

News(packets) == {p \in packets : ~Underway(p.src.a, p.dst.a, p.k) /\ Matters(p)}

SendNews(n, packets) ==
    /\ \E news \in {News(packets)} :
          news # {} /\ Step(n, "own", Put(Start(st[n]), news), net)
    /\ UNCHANGED fuel

(* R7.2: every active member is probed again and again. *)
Probe(n, m) ==
    /\ n \in run /\ st[n].conn = "active" /\ IsActive(st[n].mem[m])
    /\ SendNews(n, {PingOf(st[n], "ping", IdOf(st[n], m))})

(* R8.4, R12.3 *)
KeepAskingDown(n) ==
    /\ n \in run /\ MayAnnounceDown(st[n])
    /\ SendNews(n, AnnounceDown(st[n]).out)

(* R12.3: a host asks its seeds as long as it is Idle, without it once.    *)
KeepAskingSeed(n, m) ==
    /\ On("R12.3") /\ n \in run /\ n # m /\ st[n].conn = "idle"
    /\ SendNews(n, Announce(st[n], [a |-> m, g |-> 0]).out)

Trouble ==
    \/ \E p \in net : Repeat(p) \/ Lose(p)
    \/ \E n \in Node : \/ CallLeave(n) \/ CallReuse(n) \/ CallChange(n) \/ Crash(n) \/ Restart(n)
                       \/ \E m \in Node : FalseSuspicion(n, m) \/ Join(n, m) \/ Spend(n, m)
                                          \/ ForgetTombstone(n, m)
                       \/ \E t \in st[n].rem : ForgetDown(n, t)

Work ==
    \/ \E p \in net : Deliver(p) \/ Vanish(p)
    \/ \E n \in Node : \/ KeepAskingDown(n)
                       \/ \E m \in Node : \/ Probe(n, m) \/ FailedProbe(n, m) \/ KeepAskingSeed(n, m)
                       \/ \E t \in st[n].susp : Timeout(n, t)

-----------------------------------------------------------------------------
(* Weak fairness of each kind of work.  WF_vars(A) says the same, but TLC   *)
(* takes minutes a state for ENABLED of the operators of Swim.  So each     *)
(* kind of work says when it could be done (May..), and how a step shows    *)
(* that it did it (Did..); where there is no work the world rests.          *)

MayDeliver(from, to, kind) == Underway(from, to, kind)
DidDeliver(from, to, kind) == \E p \in net \ net' : p.src.a = from /\ p.dst.a = to /\ p.k = kind

MayProbe(n, m) ==
    /\ n \in run /\ st[n].conn = "active" /\ IsActive(st[n].mem[m])
    /\ News({PingOf(st[n], "ping", IdOf(st[n], m))}) # {}
DidProbe(n, m) == \E p \in net' \ net : p.k = "ping" /\ p.src.a = n /\ p.dst.a = m

MayFail(n, m) ==
    n \in run /\ st[n].conn = "active" /\ st[n].mem[m].st = "alive" /\ Deaf(n, m)
DidFail(n, m) == st'[n].mem[m].st # "alive"

MayTimeout(n, m) ==
    /\ n \in run
    /\ \E t \in st[n].susp : t.a = m /\ (st[n].conn = "active" \/ st[n].mem[m].st # "suspect")
DidTimeout(n, m) == \E t \in st[n].susp \ st'[n].susp : t.a = m

MayAsk(n) ==
    \/ n \in run /\ MayAnnounceDown(st[n]) /\ News(AnnounceDown(st[n]).out) # {}
    \/ \E m \in Node : /\ On("R12.3") /\ n \in run /\ n # m /\ st[n].conn = "idle"
                       /\ News(Announce(st[n], [a |-> m, g |-> 0]).out) # {}
DidAsk(n) == \E p \in net' \ net : p.k = "announce" /\ p.src.a = n

Busy ==
    \/ net # {}
    \/ \E n \in Node : MayAsk(n)
    \/ \E n \in Node, m \in Node : MayProbe(n, m) \/ MayFail(n, m) \/ MayTimeout(n, m)

(* There is no work: time passes. *)
Rest == ~Busy /\ beat' = ~beat /\ UNCHANGED vars

(* What can have no effect any more is removed at once, before any other   *)
(* step: packets to identities that no longer exist, and timers of         *)
(* suspicions that no longer stand (R12.1).  The moment makes no           *)
(* difference, so the model need not explore them all.                     *)
DeadLetters == {p \in net : p.k # "announce" /\ (p.dst.a \notin run \/ p.dst # st[p.dst.a].id)}

Stands(me, timer) == me.mem[timer.a] = Rec(timer.g, timer.i, "suspect")
Void(n) == IF On("R12.1") THEN {t \in st[n].susp : ~Stands(st[n], t)} ELSE {}

IsLitter == DeadLetters # {} \/ \E n \in Node : Void(n) # {}

Sweep ==
    /\ IsLitter
    /\ net' = net \ DeadLetters
    /\ st' = [n \in Node |-> [st[n] EXCEPT !.susp = @ \ Void(n)]]
    /\ UNCHANGED <<run, gen, fuel, dead, flaw>>

LiveVars == <<st, run, net, gen, fuel, dead, flaw, beat>>
LiveNext ==
    \/ IsLitter /\ Sweep /\ beat' = FALSE
    \/ ~IsLitter /\ (Trouble \/ Work) /\ beat' = FALSE
    \/ ~IsLitter /\ Rest

Fair ==
    /\ \A a \in Node, b \in Node, k \in Kinds :
          []<><<~MayDeliver(a, b, k) \/ DidDeliver(a, b, k)>>_LiveVars
    /\ \A n \in Node : []<><<~MayAsk(n) \/ DidAsk(n)>>_LiveVars
    /\ \A n \in Node, m \in Node :
          /\ []<><<~MayProbe(n, m) \/ DidProbe(n, m)>>_LiveVars
          /\ []<><<~MayFail(n, m) \/ DidFail(n, m)>>_LiveVars
          /\ []<><<~MayTimeout(n, m) \/ DidTimeout(n, m)>>_LiveVars

(* Each member suspects each other, falsely. *)
Wary(address) ==
    LET doubts == [y \in Node |-> IF y = address THEN None ELSE Rec(1, 0, "suspect")]
    IN [Joined(address) EXCEPT
          !.mem = doubts,
          !.up = doubts,
          !.susp = {[a |-> y, g |-> 1, i |-> 0] : y \in Node \ {address}}]

InitWary ==
    /\ st = [x \in Node |-> Wary(x)]
    /\ run = Node
    /\ net = {}
    /\ gen = [x \in Node |-> 1]
    /\ fuel = Fuel
    /\ dead = {}
    /\ flaw = {}

Live == Init /\ beat = FALSE /\ [][LiveNext]_LiveVars /\ Fair
LiveJoined == InitJoined /\ beat = FALSE /\ [][LiveNext]_LiveVars /\ Fair
LiveWary == InitWary /\ beat = FALSE /\ [][LiveNext]_LiveVars /\ Fair

-----------------------------------------------------------------------------
TakesPart(n) == n \in run /\ ~st[n].left

Converged ==
    \A n \in Node, m \in Node :
        (n # m /\ TakesPart(n) /\ TakesPart(m)) =>
            (IsActive(st[n].mem[m]) /\ st[n].mem[m].g = st[m].id.g)

CleanedOut ==
    \A n \in Node, m \in Node :
        (n # m /\ TakesPart(n) /\ ~TakesPart(m)) => ~IsActive(st[n].mem[m])

(* Each member that takes part has each other such member as active, under *)
(* its current generation. *)
Converges == <>[]Converged

(* A member that crashed or left is active nowhere. *)
CleansOut == <>[]CleanedOut

(* No exchange of messages feeds itself. *)
NoStormLasts == <>[](net = {})
=============================================================================
