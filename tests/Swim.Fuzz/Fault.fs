namespace Swim.Fuzz

open System

/// Something that must not happen with any input, and did.
exception internal FaultFound of what: string with
    override fault.Message = fault.what

[<RequireQualifiedAccess>]
module internal Fault =

    let found format = Printf.ksprintf (fun what -> raise (FaultFound what)) format

/// How many exceptions this thread has thrown, including those that were caught: data from the network
/// must not throw at all, and the codec hides what a codec inside it throws.
[<AbstractClass; Sealed>]
type internal Thrown private () =

    [<ThreadStatic; DefaultValue>]
    static val mutable private count: int

    [<ThreadStatic; DefaultValue>]
    static val mutable private last: exn

    static let watch =
        lazy
            AppDomain.CurrentDomain.FirstChanceException.Add(fun thrown ->
                Thrown.count <- Thrown.count + 1
                Thrown.last <- thrown.Exception)

    static member Count: int =
        watch.Force()
        Thrown.count

    /// Says what was thrown if anything was since the count was `before`.
    static member ExpectNoneSince(before: int, during: string) : unit =
        if Thrown.count <> before then
            let last = Thrown.last
            Fault.found "%s threw %s: %s" during (last.GetType().Name) last.Message
