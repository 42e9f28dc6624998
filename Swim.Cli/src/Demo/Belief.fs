namespace Swim.Cli.Demo

open Swim
open Swim.Cli
open Swim.Host

/// What a node of the demo believes about another one, and about all of them: as questions and in words.
[<RequireQualifiedAccess>]
module Belief =

    /// Whether the observer holds the subject active, under any identity.
    let isActive (subject: Place) (observer: Place) : bool =
        let identity = subject.Node.Identity
        observer.Active |> Seq.exists (fun other -> other.HasSameAddress identity)

    /// Whether the observer holds the subject active under its present identity, if that is newer than the given
    /// generation.
    let isBack (subject: Place) (generation: uint64) (observer: Place) : bool =
        let identity = subject.Node.Identity
        identity.Generation > generation && observer.Active.Contains identity

    /// Whether the observer, one of `size` nodes, holds all others active.
    let seesAll (size: int) (observer: Place) : bool = observer.Active.Count = size - 1

    /// What the observer believes about the subject, in words.
    let describe (subject: Place) (observer: Place) : string =
        let view = observer.Node.Snapshot

        match view.TryGetMember subject.Node.Identity with
        | true, record ->
            let status = if record.HasLeft then "left" else (string record.Status).ToLowerInvariant()

            $"node {observer.Number} believes node {subject.Number} {status} (generation {record.Identity.Generation})"
        | false, _ -> $"node {observer.Number} does not know node {subject.Number}"

    /// Which of all others the observer does not hold active, in words.
    let describeMissing (places: Place array) (observer: Place) : string =
        let missing =
            places
            |> Array.filter (fun place -> place <> observer && not (isActive place observer))
            |> Array.map (fun place -> string place.Number)
            |> String.concat ", "

        $"node {observer.Number} sees {observer.Active.Count} of {places.Length - 1} others; missing: {missing}"

    /// An event in words.
    let describeEvent (cluster: Cluster) (observed: ObservedEvent) : string =
        let observer = $"node {observed.Observer.Number}"
        let event = observed.Event

        let subject =
            match cluster.PlaceOf event.Identity with
            | Some place -> $"node {place.Number}"
            | None -> string event.Identity

        match event.Kind with
        | SwimEventKind.MemberUp when event.Previous.IsSome ->
            $"{observer} sees {subject} up under the new generation {event.Identity.Generation}"
        | SwimEventKind.MemberUp -> $"{observer} sees {subject} up"
        | SwimEventKind.MemberDown -> $"{observer} sees {subject} down"
        | SwimEventKind.MemberRenamed ->
            $"{observer} sees {subject} under the new generation {event.Identity.Generation}"
        | SwimEventKind.MemberSuspected -> $"{observer} suspects {subject}"
        | SwimEventKind.MemberRefuted -> $"{observer} sees that {subject} refuted"
        | SwimEventKind.Active -> $"{observer} knows an active member"
        | SwimEventKind.Idle -> $"{observer} knows no active member"
        | SwimEventKind.Defunct -> $"{observer} is no longer in the cluster"
        | SwimEventKind.Rejoined ->
            $"{observer} was declared down and rejoins under generation {event.Identity.Generation}"
        | SwimEventKind.SelfRefuted -> $"{observer} refutes what is said of it"
        | SwimEventKind.AddressConflict -> $"{observer} shares its address with another process"
        | kind -> $"{observer}: {EventText.name kind} {subject}"
