namespace Swim.Cli

open Swim.Host

/// The names of events in output.
[<RequireQualifiedAccess>]
module EventText =

    /// The name of a kind of event, in text and in JSON.
    let name (kind: SwimChangeKind) : string =
        match kind with
        | SwimChangeKind.MemberUp -> "member-up"
        | SwimChangeKind.MemberDown -> "member-down"
        | SwimChangeKind.Rename -> "rename"
        | SwimChangeKind.Active -> "active"
        | SwimChangeKind.Idle -> "idle"
        | SwimChangeKind.Defunct -> "defunct"
        | SwimChangeKind.Rejoin -> "rejoin"
        | _ -> "resynchronize"
