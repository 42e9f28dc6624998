------------------------------ MODULE Capture ------------------------------
(***************************************************************************)
(* A test of the engines, not of the protocol: a parameter must not capture*)
(* an argument that has its name.  In tla-checker 0.9.0 it does, and Outer *)
(* of 1 is 65 there.  So tla-checker gets a copy of each module in which no*)
(* two definitions share a name: engine/unique-names.cjs.  The other cases *)
(* are what that copy must leave as it is.                                 *)
(***************************************************************************)
EXTENDS Integers, Sequences

CONSTANT Limit  \* not to be renamed, as a parameter is

VARIABLE v

Inner(first, second) == first * 10 + second
Outer(second) == Inner(second + 1, 5)

(* A field has the name of a parameter.                                    *)
Pair(left, right) == [left |-> left, right |-> right]
Swapped(pair) == [pair EXCEPT !.left = pair.right, !.right = pair.left]
Pairs(left) == [left : {left}, right : 1 .. Limit]

(* Operators of LET have parameters of one name.                           *)
Chained(first) ==
    LET Twice(each) == each * 2
        Next1(each) == Twice(each + 1) + first
    IN Next1(first)

(* A list begins behind a name that becomes longer.                        *)
Listed(first) == LET small == first < 2
                     both == /\ small
                             /\ \/ first = 1
                                \/ first = 0
                 IN /\ both
                    /\ first <= Limit

RECURSIVE Sum(_, _)
Sum(sequence, first) ==
    IF sequence = <<>> THEN first ELSE Sum(Tail(sequence), first + Head(sequence))

Init == v = 1
Next == UNCHANGED v
Spec == Init /\ [][Next]_v

ArgumentsAreNotCaptured == Outer(v) = 25

NamesAreKept ==
    /\ Swapped(Pair(v, 2)) = Pair(2, v)
    /\ Pairs(v) = {Pair(v, x) : x \in 1 .. Limit}
    /\ Chained(v) = 5
    /\ Listed(v) /\ ~Listed(v + 1)
    /\ Sum(<<v, 2, 3>>, 4) = 10
=============================================================================
