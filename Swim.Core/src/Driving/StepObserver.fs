namespace Swim.Core

open Swim

/// Sees every step that a member takes, before any of its effects is carried out. The driver calls it on the
/// thread of the step; it must not throw.
type IStepObserver<'Id when 'Id: equality> =

    /// The rules that the member continues with: the same, but for functions whose answers the observer listens to.
    abstract Observe: rules: Rules<'Id> -> Rules<'Id>

    /// A step begins. It may come to nothing, if an identity or a key of the user throws.
    abstract Stepping: unit -> unit

    /// A step is over.
    abstract Stepped:
        before: State<'Id> * event: inref<Event<'Id>> * after: State<'Id> * effects: Effects<'Id> -> unit

    /// The member is back where it was before its last packet: an identity of the user threw when the packet was to
    /// be answered.
    abstract RolledBack: unit -> unit

    /// The member continues with other parameters (R10.2).
    abstract ConfigChanged: config: SwimConfig -> unit
