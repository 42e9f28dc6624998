----------------------------- MODULE SwimMerge -----------------------------
(***************************************************************************)
(* The order of member records (R2.2, R2.3, R12.8) and the laws that make  *)
(* gossip converge: merging is idempotent, commutative and associative, so *)
(* neither order nor repetition of updates matters.                        *)
(*                                                                         *)
(* There is nothing to step through: the initial states are all triples of *)
(* records, and the laws are invariants of them.                           *)
(***************************************************************************)
EXTENDS Integers

CONSTANTS
    MaxGen,  \* generations 1 .. MaxGen of one address
    MaxInc,  \* incarnations 0 .. MaxInc
    Order    \* "ours", "seed" or "hybrid": see Merge

VARIABLES x, y, z

vars == <<x, y, z>>

Statuses == {"alive", "suspect", "down"}
AllRecords == [g : 1 .. MaxGen, i : 0 .. MaxInc, st : Statuses]

(* R12.8: a Down record has incarnation 0.  Member.create *)
Records == IF Order = "seed" THEN AllRecords
           ELSE {r \in AllRecords : Order = "hybrid" \/ r.st # "down" \/ r.i = 0}

(* R2.2.  Member.supersedes *)
Supersedes(k, u) ==
    CASE k.st = "down"                      -> FALSE
      [] u.st = "down"                      -> TRUE
      [] k.st = "alive" /\ u.st = "suspect" -> u.i >= k.i
      [] OTHER                              -> u.i > k.i

(* A tempting order that must not be used: Down is final, and yet an old   *)
(* Down loses to a newer Alive.                                            *)
SupersedesHybrid(hk, hu) ==
    CASE hk.st = "down" -> FALSE
      [] hu.st = "down" -> hu.i >= hk.i
      [] OTHER          -> Supersedes(hk, hu)

(* R2.3 for different generations, R2.2 for one.  Merging.update *)
Merge(mk, mu) ==
    IF mk.g > mu.g THEN mk
    ELSE IF mu.g > mk.g THEN mu
    ELSE IF (IF Order = "hybrid" THEN SupersedesHybrid(mk, mu) ELSE Supersedes(mk, mu))
         THEN mu ELSE mk

Init == x \in Records /\ y \in Records /\ z \in Records
Next == UNCHANGED vars
Spec == Init /\ [][Next]_vars

Idempotent == Merge(x, x) = x
Commutative == Merge(x, y) = Merge(y, x)
Associative == Merge(Merge(x, y), z) = Merge(x, Merge(y, z))
=============================================================================
