----------------------------- MODULE SwimMerge -----------------------------
(***************************************************************************)
(* The order of member records (R2.2, R2.3, R12.8) and the properties that *)
(* make gossip converge: merging is idempotent, commutative and            *)
(* associative, so neither order nor repetition of updates matters.        *)
(*                                                                         *)
(* There is nothing to step through: the initial states are all triples of *)
(* records, and the properties are invariants of them.                     *)
(***************************************************************************)
EXTENDS Integers

CONSTANTS
    MaxGen,  \* generations 1 .. MaxGen of one address
    MaxInc,  \* incarnations 0 .. MaxInc
    Order    \* "ours", "foca" or "hybrid": see Merge

VARIABLES x, y, z

vars == <<x, y, z>>

Statuses == {"alive", "suspect", "down"}
AllRecords == [g : 1 .. MaxGen, i : 0 .. MaxInc, st : Statuses]

(* R12.8: a Down record has incarnation 0.  MemberRecord.create *)
Records == IF Order = "foca" THEN AllRecords
           ELSE {r \in AllRecords : Order = "hybrid" \/ r.st # "down" \/ r.i = 0}

(* R2.2.  MemberRecord.supersedes *)
Supersedes(known, update) ==
    CASE known.st = "down"                           -> FALSE
      [] update.st = "down"                          -> TRUE
      [] known.st = "alive" /\ update.st = "suspect" -> update.i >= known.i
      [] OTHER                                       -> update.i > known.i

(* A tempting order that must not be used: Down is final, and yet an old   *)
(* Down loses to a newer Alive.                                            *)
SupersedesHybrid(known, update) ==
    CASE known.st = "down"  -> FALSE
      [] update.st = "down" -> update.i >= known.i
      [] OTHER              -> Supersedes(known, update)

(* R2.3 for different generations, R2.2 for one.  Merging.update *)
Merge(known, update) ==
    IF known.g > update.g THEN known
    ELSE IF update.g > known.g THEN update
    ELSE IF (IF Order = "hybrid" THEN SupersedesHybrid(known, update) ELSE Supersedes(known, update))
         THEN update ELSE known

Init == x \in Records /\ y \in Records /\ z \in Records
Next == UNCHANGED vars
Spec == Init /\ [][Next]_vars

Idempotent == Merge(x, x) = x
Commutative == Merge(x, y) = Merge(y, x)
Associative == Merge(Merge(x, y), z) = Merge(x, Merge(y, z))
=============================================================================
