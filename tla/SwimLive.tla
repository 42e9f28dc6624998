----------------------------- MODULE SwimLive -----------------------------
(***************************************************************************)
(* Liveness: what comes to be once the trouble is over.  The members and   *)
(* the world are those of Swim; here everything that a member does by      *)
(* itself goes on without end, and is fair: each link delivers each kind of*)
(* message, timers fire, probes and announcements are made again.  Trouble *)
(* has fuel, so it ends.                                                   *)
(*                                                                         *)
(* A ping or an announcement that would change nothing, neither where it   *)
(* arrives nor by what comes back, is not sent: it would only blow up the  *)
(* number of states.  (The safety models do send them, since a packet that *)
(* is no news today may be stale tomorrow.)                                *)
(***************************************************************************)
EXTENDS Swim

VARIABLE beat   \* turns while nothing is to be done

(* One probe, and one announcement, from one to another at a time.         *)
Underway(n, m, k) == \E p \in net : p.src.a = n /\ p.dst.a = m /\ p.k = k

(* Whether p would change anything. *)
Matters(p) ==
    /\ p.dst.a \in run
    /\ LET heard == Receive(st[p.dst.a], p)
       IN \/ heard.s # st[p.dst.a]
          \/ \E q \in heard.o : q.dst.a \in run /\ Receive(st[q.dst.a], q).s # st[q.dst.a]

News(ps) == {p \in ps : ~Underway(p.src.a, p.dst.a, p.k) /\ Matters(p)}

SendNews(n, ps) ==
    /\ \E news \in {News(ps)} :
          news # {} /\ Step(n, "own", Put(Start(st[n]), news), net)
    /\ UNCHANGED fuel

(* R7.2: every active member is probed again and again. *)
Probe(n, m) ==
    /\ n \in run /\ st[n].conn = "active" /\ IsActive(st[n].mem[m])
    /\ SendNews(n, {PingOf(st[n], "ping", IdOf(st[n], m))})

(* R8.4, R12.3 *)
KeepAskingDown(n) ==
    /\ n \in run /\ MayAnnounceDown(st[n])
    /\ SendNews(n, AnnounceDown(st[n]).o)

(* R12.3: a host asks its seeds as long as it is Idle.  Without it, once.  *)
KeepAskingSeed(n, m) ==
    /\ On("R12.3") /\ n \in run /\ n # m /\ st[n].conn = "idle"
    /\ SendNews(n, Announce(st[n], [a |-> m, g |-> 0]).o)

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
(* takes minutes a state for ENABLED of the operators of Swim.  So for each *)
(* kind there is here when it could be done (May..), and how one sees that  *)
(* a step did it (Did..); where nothing can be done the world rests.        *)

MayDeliver(a, b, k) == \E p \in net : p.src.a = a /\ p.dst.a = b /\ p.k = k
DidDeliver(a, b, k) == \E p \in net \ net' : p.src.a = a /\ p.dst.a = b /\ p.k = k

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
    \/ n \in run /\ MayAnnounceDown(st[n]) /\ News(AnnounceDown(st[n]).o) # {}
    \/ \E m \in Node : /\ On("R12.3") /\ n \in run /\ n # m /\ st[n].conn = "idle"
                       /\ News(Announce(st[n], [a |-> m, g |-> 0]).o) # {}
DidAsk(n) == \E p \in net' \ net : p.k = "announce" /\ p.src.a = n

Busy ==
    \/ net # {}
    \/ \E n \in Node : MayAsk(n)
    \/ \E n \in Node, m \in Node : MayProbe(n, m) \/ MayFail(n, m) \/ MayTimeout(n, m)

(* Nothing is to be done: time goes by. *)
Rest == ~Busy /\ beat' = ~beat /\ UNCHANGED vars

(* What can have no effect any more goes at once, before anything else:     *)
(* packets to identities that are gone, and timers of suspicions that are  *)
(* over (R12.1).  When they go makes no difference, so there is no need to *)
(* look at all the moments at which they could.                            *)
DeadLetters == {p \in net : p.k # "announce" /\ (p.dst.a \notin run \/ p.dst # st[p.dst.a].id)}

Stands(state, t) == state.mem[t.a] = Rec(t.g, t.i, "suspect")
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

(* Everybody suspects everybody, wrongly. *)
Wary(wn) ==
    LET doubts == [y \in Node |-> IF y = wn THEN None ELSE Rec(1, 0, "suspect")]
    IN [Joined(wn) EXCEPT
          !.mem = doubts,
          !.up = doubts,
          !.susp = {[a |-> y, g |-> 1, i |-> 0] : y \in Node \ {wn}}]

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

(* Each member that takes part holds each other such one active, under its *)
(* current generation. *)
Converges == <>[]Converged

(* Whoever crashed or left is active nowhere. *)
CleansOut == <>[]CleanedOut

(* No exchange of messages feeds itself. *)
NoStormLasts == <>[](net = {})
=============================================================================
