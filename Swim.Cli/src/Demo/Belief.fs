namespace Swim.Cli

open Swim
open Swim.Host

/// What one node of the demo believes of another, and of all, as questions and in words.
[<RequireQualifiedAccess>]
module DemoBelief =

    /// Whether the observer holds the subject active, under any identity.
    let isActive (subject: DemoNode) (observer: DemoNode) : bool =
        let identity = subject.Node.Identity
        observer.Active |> Seq.exists (fun other -> other.HasSameAddress identity)

    /// Whether the observer holds the subject active under the identity that it has now, newer than that
    /// generation.
    let isBack (subject: DemoNode) (generation: uint64) (observer: DemoNode) : bool =
        let identity = subject.Node.Identity
        identity.Generation > generation && observer.Active.Contains identity

    /// Whether the observer, one of so many nodes, holds all others active.
    let seesAll (size: int) (observer: DemoNode) : bool = observer.Active.Count = size - 1

    /// What the observer believes of the subject, in words.
    let tell (subject: DemoNode) (observer: DemoNode) : string =
        let view = observer.Node.Snapshot

        match view.TryGetMember subject.Node.Identity with
        | true, record ->
            let status = (string record.Status).ToLowerInvariant()

            $"node {observer.Number} believes node {subject.Number} {status} (generation {record.Identity.Generation})"
        | false, _ -> $"node {observer.Number} does not know node {subject.Number}"

    /// Which of all others the observer does not hold active, in words.
    let tellMissing (places: DemoNode array) (observer: DemoNode) : string =
        let missing =
            places
            |> Array.filter (fun place -> place <> observer && not (isActive place observer))
            |> Array.map (fun place -> string place.Number)
            |> String.concat ", "

        $"node {observer.Number} sees {observer.Active.Count} of {places.Length - 1} others; missing: {missing}"

    /// A sighting in words.
    let tellSighting (cluster: DemoCluster) (sighting: Sighting) : string =
        let observer = $"node {sighting.Observer.Number}"
        let notice = sighting.Notice

        let subject =
            match cluster.PlaceOf notice.Identity with
            | Some place -> $"node {place.Number}"
            | None -> string notice.Identity

        match notice.Kind with
        | SwimChangeKind.MemberUp -> $"{observer} sees {subject} up"
        | SwimChangeKind.MemberDown -> $"{observer} sees {subject} down"
        | SwimChangeKind.Rename ->
            $"{observer} hears of {subject} under generation {notice.Identity.Generation}"
        | SwimChangeKind.Active -> $"{observer} is known to the cluster"
        | SwimChangeKind.Idle -> $"{observer} sees nobody"
        | SwimChangeKind.Defunct -> $"{observer} is out of the cluster"
        | SwimChangeKind.Rejoin ->
            $"{observer} was declared down and goes on under generation {notice.Identity.Generation}"
        | kind -> $"{observer}: {Notice.name kind}"
