----------------------------- MODULE SwimFacts -----------------------------
(***************************************************************************)
(* Many observers of one subject.  The network is the set of all facts ever*)
(* stated; an observer may learn any of them at any time, in any order and *)
(* again.  That is loss, delay, duplication and reordering in one variable.*)
(***************************************************************************)
EXTENDS Integers

CONSTANTS
    Observer,    \* the members that observe the subject
    MaxGen,      \* the subject renews itself up to this generation
    MaxInc,      \* and refutes up to this incarnation
    Fix          \* the amendments that are on; "R12.8" matters here

VARIABLES
    subject,  \* its generation and incarnation
    facts,    \* all that was ever stated about it
    view,     \* the record that each observer has of it
    seen      \* the facts that each observer has learned

vars == <<subject, facts, view, seen>>

On(amendment) == amendment \in Fix
Rec(generation, incarnation, status) == [g |-> generation, i |-> incarnation, st |-> status]
Unknown == Rec(0, 0, "none")

(* R12.8.  MemberRecord.create *)
DownOf(generation, incarnation) == Rec(generation, IF On("R12.8") THEN 0 ELSE incarnation, "down")

(* R2.2, R2.3.  MemberRecord.supersedes, Merging.update *)
Supersedes(known, update) ==
    CASE known.st = "down"                           -> FALSE
      [] update.st = "down"                          -> TRUE
      [] known.st = "alive" /\ update.st = "suspect" -> update.i >= known.i
      [] OTHER                                       -> update.i > known.i

Merge(known, update) ==
    IF known.g > update.g THEN known
    ELSE IF update.g > known.g THEN update
    ELSE IF Supersedes(known, update) THEN update ELSE known

Init ==
    /\ subject = [g |-> 1, i |-> 0]
    /\ facts = {Rec(1, 0, "alive")}
    /\ view = [o \in Observer |-> Unknown]
    /\ seen = [o \in Observer |-> {}]

(* R3: an observer learns a fact. *)
Learn(o, f) ==
    /\ f \in facts /\ f \notin seen[o]
    /\ view' = [view EXCEPT ![o] = Merge(@, f)]
    /\ seen' = [seen EXCEPT ![o] = @ \cup {f}]
    /\ UNCHANGED <<subject, facts>>

State(o, r) ==
    /\ view' = [view EXCEPT ![o] = Merge(@, r)]
    /\ facts' = facts \cup {r}
    /\ seen' = [seen EXCEPT ![o] = @ \cup {r}]
    /\ UNCHANGED subject

(* R7.2: a probe failed. *)
Suspect(o) ==
    /\ view[o].st = "alive"
    /\ State(o, Rec(view[o].g, view[o].i, "suspect"))

(* R7.5, R12.1: a suspicion expires. *)
Expire(o) ==
    /\ view[o].st = "suspect"
    /\ State(o, DownOf(view[o].g, view[o].i))

(* R5.2: the subject hears that it is suspected, and refutes. *)
Refute ==
    /\ \E f \in facts : f.st = "suspect" /\ f.g = subject.g /\ f.i = subject.i
    /\ subject.i < MaxInc
    /\ subject' = [subject EXCEPT !.i = @ + 1]
    /\ facts' = facts \cup {Rec(subject.g, subject.i + 1, "alive")}
    /\ UNCHANGED <<view, seen>>

(* R5.3: the subject hears that it is down, and renews itself. *)
Renew ==
    /\ \E f \in facts : f.st = "down" /\ f.g = subject.g
    /\ subject.g < MaxGen
    /\ subject' = [g |-> subject.g + 1, i |-> 0]
    /\ facts' = facts \cup {Rec(subject.g + 1, 0, "alive"), DownOf(subject.g, 0)}
    /\ UNCHANGED <<view, seen>>

Next ==
    \/ Refute \/ Renew
    \/ \E o \in Observer : \/ Suspect(o) \/ Expire(o)
                           \/ \E f \in facts : Learn(o, f)

Spec == Init /\ [][Next]_vars

(* Observers that have learned the same facts have the same view. *)
SameFactsSameView ==
    \A o \in Observer, q \in Observer : seen[o] = seen[q] => view[o] = view[q]

(* No view is of a life that the subject has not reached. *)
NoViewIsAhead ==
    \A o \in Observer :
        \/ view[o].g < subject.g
        \/ view[o].g = subject.g /\ view[o].i <= subject.i

(* A Down record is the same at each observer (R12.8). *)
DownHasNoIncarnation ==
    \A o \in Observer : view[o].st = "down" => view[o].i = 0
=============================================================================
