----------------------------- MODULE SwimMerge -----------------------------
(***************************************************************************)
(* The orders of member records (R2.2, R2.3, R12.8, R13.1) and what makes  *)
(* gossip converge: merging is idempotent, commutative and                 *)
(* associative, so neither order nor repetition of updates matters.        *)
(*                                                                         *)
(* There is nothing to step through: the initial states are all triples of *)
(* records, and the properties are invariants of them.                     *)
(***************************************************************************)
EXTENDS Integers

CONSTANTS
    MaxGen,  \* generations 1 .. MaxGen of one address
    MaxInc,  \* incarnations 0 .. MaxInc
    Order    \* "ours", "refutable", "foca" or "hybrid": see Merge

VARIABLES x, y, z

vars == <<x, y, z>>

Statuses == {"alive", "suspect", "down"}
AllRecords == [g : 1 .. MaxGen, i : 0 .. MaxInc, st : Statuses]

(* R12.8: a Down record has incarnation 0.  R13.2: no one takes part with   *)
(* the highest.  MemberRecord.normal                                       *)
Records == IF Order = "foca" THEN AllRecords
           ELSE IF Order = "refutable" THEN {r \in AllRecords : r.st = "down" \/ r.i < MaxInc}
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

Rank(status) == IF status = "alive" THEN 0 ELSE IF status = "suspect" THEN 1 ELSE 2

(* R13.1: by incarnation, then by status.  MemberRecord.supersedes *)
SupersedesRefutable(known, update) ==
    update.i > known.i \/ (update.i = known.i /\ Rank(update.st) > Rank(known.st))

InOrder(known, update) ==
    CASE Order = "hybrid"                    -> SupersedesHybrid(known, update)
      [] Order = "refutable"                 -> SupersedesRefutable(known, update)
      [] Order \notin {"hybrid", "refutable"} -> Supersedes(known, update)

(* R2.3 for different generations, R2.2 or R13.1 for one.  Merging.update *)
Merge(known, update) ==
    IF known.g > update.g THEN known
    ELSE IF update.g > known.g THEN update
    ELSE IF InOrder(known, update) THEN update ELSE known

Init == x \in Records /\ y \in Records /\ z \in Records
Next == UNCHANGED vars
Spec == Init /\ [][Next]_vars

Idempotent == Merge(x, x) = x
Commutative == Merge(x, y) = Merge(y, x)
Associative == Merge(Merge(x, y), z) = Merge(x, Merge(y, z))

(* R13.1: of two different records exactly one replaces the other, and     *)
(* what replaces it is replaced by what replaces that.                     *)
IsTotal == x.g = y.g => (x = y \/ (InOrder(x, y) <=> ~InOrder(y, x)))
IsTransitive == (InOrder(x, y) /\ InOrder(y, z)) => InOrder(x, z)

(* R13.2: nothing of an identity replaces that it left. *)
LeftIsFinal == (x.st = "down" /\ x.i = MaxInc) => ~InOrder(x, y)
=============================================================================
