namespace Swim.Cli

open Swim

/// The names of events in output.
[<RequireQualifiedAccess>]
module EventText =

    /// The name of a kind of event, in text and in JSON.
    let name (kind: SwimEventKind) : string =
        match kind with
        | SwimEventKind.MemberUp -> "member-up"
        | SwimEventKind.MemberDown -> "member-down"
        | SwimEventKind.MemberRenamed -> "member-renamed"
        | SwimEventKind.MemberSuspected -> "member-suspected"
        | SwimEventKind.MemberRefuted -> "member-refuted"
        | SwimEventKind.MemberUpdated -> "member-updated"
        | SwimEventKind.MemberForgotten -> "member-forgotten"
        | SwimEventKind.Active -> "active"
        | SwimEventKind.Idle -> "idle"
        | SwimEventKind.Defunct -> "defunct"
        | SwimEventKind.Rejoined -> "rejoined"
        | SwimEventKind.SelfRefuted -> "self-refuted"
        | SwimEventKind.AddressConflict -> "address-conflict"
        | other -> invalidArg (nameof kind) $"The kind of event {int other} is unknown."

    /// The name of a cause, in text and in JSON.
    let cause (cause: ChangeCause) : string =
        match cause with
        | ChangeCause.Probe -> "probe"
        | ChangeCause.Gossip -> "gossip"
        | ChangeCause.Refutation -> "refutation"
        | ChangeCause.Timer -> "timer"
        | ChangeCause.Leave -> "leave"
        | ChangeCause.IdentityChange -> "identity-change"
        | other -> invalidArg (nameof cause) $"The cause {int other} is unknown."
