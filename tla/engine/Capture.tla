------------------------------ MODULE Capture ------------------------------
(***************************************************************************)
(* A test of the engines, not of the protocol.  An argument must not be    *)
(* captured by a parameter of the same name further in.  tla-checker 0.9.0 *)
(* does so and takes A(1) for 65.  So operators that call each other have  *)
(* parameters of different names in all modules here.                      *)
(***************************************************************************)
EXTENDS Integers

VARIABLE v

B(q, s) == q * 10 + s
A(s) == B(s + 1, 5)

Init == v = 1
Next == UNCHANGED v
Spec == Init /\ [][Next]_v

ArgumentsAreNotCaptured == A(v) = 25
=============================================================================
