namespace Swim.Simulation

open Swim
open Swim.Core

/// Sees all that happens in a run. Times are ticks of 100 ns since it began.
type IRunObserver<'Id when 'Id: equality> =

    /// A process started.
    abstract Started: time: int64 * node: Node<'Id> -> unit

    /// A process ended.
    abstract Stopped: time: int64 * node: Node<'Id> -> unit

    /// A member took a step. `node.State` is the state after it.
    abstract Stepped:
        time: int64 * node: Node<'Id> * before: State<'Id> * event: Event<'Id> * effects: Effects<'Id> -> unit

    /// The parameters of a member changed.
    abstract Configured: time: int64 * node: Node<'Id> -> unit

    /// The scenario did something to a member or the network.
    abstract Acted: time: int64 * action: ScenarioAction -> unit
