namespace Swim.Simulation

open System
open Swim.Core

/// Sees everything that happens in a run. Times are ticks of 100 ns since it began.
type IRunObserver<'Id when 'Id: equality> =

    /// A process started.
    abstract Started: time: int64 * node: Node<'Id> -> unit

    /// A process ended.
    abstract Stopped: time: int64 * node: Node<'Id> -> unit

    /// A member took a step. The node's state is that after it.
    abstract Stepped:
        time: int64 * node: Node<'Id> * before: State<'Id> * event: Event<'Id> * effects: Effects<'Id> -> unit

    /// The configuration of a member changed.
    abstract Configured: time: int64 * node: Node<'Id> -> unit

    /// Something was done by the scenario.
    abstract Acted: time: int64 * deed: Deed -> unit
