--------------------------- MODULE SwimRefutable ---------------------------
(***************************************************************************)
(* What R13 adds to Swim: a Down can be refuted, so it costs no identity.  *)
(* The members and the world are those of Swim, with the rules of R13 on.  *)
(***************************************************************************)
EXTENDS Swim

(* One that left comes back only as a newer generation; not even forgetting     *)
(* brings it back (R13.2).                                                 *)
LeftIsFinal == DownIsFinal

(* R13.2: no one takes part with the highest incarnation. *)
HighestIsOfTheDeparted ==
    CanRefute => \A n \in run :
        /\ st[n].inc < MaxInc
        /\ \A a \in Node : IsActive(st[n].mem[a]) => st[n].mem[a].i < MaxInc

(* R13.3: where no member restarts, leaves or changes, each still has the  *)
(* identity that it began with, whatever was said of it.                   *)
NoneIsRenamed == \A n \in run : st[n].id.g = 1

(* R13.5: a member that is told of a newer generation at its address is    *)
(* above it then, in one leap.                                             *)
RenewalsLeap ==
    \A p \in net : p.dst.a \in run =>
        LET me == st[p.dst.a]
            then == Receive(me, p).state
            said == p.ups[p.dst.a]
        IN (/\ p.dst = me.id /\ me.conn # "defunct" /\ CanRenew(me)
            /\ p.k = "turnundead" /\ Knows(then, p.src)
            /\ said.g > me.id.g) => then.id.g > said.g

(* R13.3: a member that is told that it is Down is above that then.        *)
DownsAreRefuted ==
    \A p \in net : p.dst.a \in run =>
        LET me == st[p.dst.a]
            then == Receive(me, p).state
            said == p.ups[p.dst.a]
        IN (/\ p.dst = me.id /\ me.conn # "defunct" /\ Knows(then, p.src)
            /\ said.st = "down" /\ said.g = me.id.g) => then.id.g > said.g \/ then.inc > said.i

(* R13.6: a caller that has an old name of a member hears from it.         *)
OldNamesAreCorrected ==
    \A p \in net : (p.dst.a \in run /\ p.k # "announce" /\ p.dst.g < st[p.dst.a].id.g /\ p.src.a # p.dst.a) =>
        st[p.dst.a].conn = "defunct"
        \/ \E q \in Receive(st[p.dst.a], p).out : q.src = st[p.dst.a].id /\ q.dst = p.src

(* R13.7: a tombstone does not keep out a member that rose above it.       *)
TombstonesGiveWay ==
    \A p \in net : p.dst.a \in run =>
        LET me == st[p.dst.a]
            stone == me.tomb[p.src.a]
        IN (p.dst = me.id /\ p.to = NoOne /\ p.src.a # me.id.a /\ stone.g = p.src.g /\ p.si > stone.i)
           => Knows(Receive(me, p).state, p.src)

(* A TurnUndead carries the record that it is about (R13.4). *)
TurnUndeadSaysWhy == "TurnUndeadSaysWhy" \notin flaw
=============================================================================
