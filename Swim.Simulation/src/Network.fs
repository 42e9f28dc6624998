namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim.Core

/// What becomes of a packet.
[<Struct>]
type Fate =
    {
        /// How often it arrives: 0 if it is lost.
        Copies: int
        /// How long the first copy is under way, in ticks.
        First: int64
        /// How long the second is.
        Second: int64
        /// Whether the first copy arrives damaged.
        IsDamaged: bool
    }

/// What the network did to packets, counted.
[<Struct>]
type NetworkFaults =
    {
        /// By chance, or by a cut or split.
        Lost: int64
        Duplicated: int64
        /// Held back, so that later ones may arrive first.
        HeldBack: int64
        /// Damaged on the way.
        Damaged: int64
    }

/// The network between members: how each link is, and which are cut.
[<Sealed>]
type Network private (quality: Quality) =

    [<DefaultValue(false)>]
    val mutable private random: Generator

    let mutable quality = quality
    let links = Dictionary<int64, Quality>()
    let cuts = HashSet<int64>()
    let mutable groups: Dictionary<int, int> option = None
    let badLinks = HashSet<int64>()
    let mutable lostCount = 0L
    let mutable duplicatedCount = 0L
    let mutable heldBackCount = 0L
    let mutable damagedCount = 0L

    let link (from: int) (towards: int) = (int64 from <<< 32) ||| int64 towards

    let groupOf (groups: Dictionary<int, int>) node =
        match groups.TryGetValue node with
        | true, group -> group
        | _ -> -1

    let isCut from towards =
        (cuts.Count > 0 && cuts.Contains(link from towards))
        || match groups with
           | Some groups -> groupOf groups from <> groupOf groups towards
           | None -> false

    static let lost = { Copies = 0; First = 0L; Second = 0L; IsDamaged = false }

    static member Create(quality: Quality, seed: uint64) =
        let network = Network(quality)
        network.random <- Generator.create seed
        network

    /// What was done to packets so far.
    member _.Faults: NetworkFaults =
        {
            Lost = lostCount
            Duplicated = duplicatedCount
            HeldBack = heldBackCount
            Damaged = damagedCount
        }

    /// How links are that are not special.
    member _.Quality
        with get () = quality
        and set value = quality <- value

    member _.SetLink(from: int, towards: int, special: Quality) = links[link from towards] <- special

    member _.Cut(from: int list, towards: int list) =
        for one in from do
            for other in towards do
                cuts.Add(link one other) |> ignore

    member _.Split(parts: int list list) =
        let table = Dictionary<int, int>()

        parts
        |> List.iteri (fun group members -> members |> List.iter (fun node -> table[node] <- group))

        groups <- Some table

    member _.Heal() =
        links.Clear()
        cuts.Clear()
        badLinks.Clear()
        groups <- None

    /// Whether packets from one member get to the other, but for loss.
    member _.Connects(from: int, towards: int) = not (isCut from towards)

    member private network.IsLost(quality: Quality, from: int, towards: int) =
        match quality.Burst with
        | None -> false
        | Some burst ->
            let key = link from towards

            if badLinks.Contains key then
                if Quality.happens burst.End &network.random then
                    badLinks.Remove key |> ignore
            elif Quality.happens burst.Begin &network.random then
                badLinks.Add key |> ignore

            badLinks.Contains key && Quality.happens burst.Loss &network.random

    member private network.Delay(quality: Quality) =
        let delay = Quality.delay quality.Latency &network.random

        if Quality.happens quality.Reordering &network.random then
            heldBackCount <- heldBackCount + 1L
            delay + Quality.upTo quality.ReorderingDelay &network.random
        else
            delay

    /// What becomes of a packet that is sent now.
    member network.Send(from: int, towards: int) : Fate =
        if isCut from towards then
            lostCount <- lostCount + 1L
            lost
        else
            let mutable special = Unchecked.defaultof<Quality>

            let quality =
                if links.Count > 0 && links.TryGetValue(link from towards, &special) then
                    special
                else
                    quality

            if Quality.happens quality.Loss &network.random || network.IsLost(quality, from, towards) then
                lostCount <- lostCount + 1L
                lost
            else
                let first = network.Delay quality
                let isDamaged = Quality.happens quality.Corruption &network.random

                if isDamaged then
                    damagedCount <- damagedCount + 1L

                if Quality.happens quality.Duplication &network.random then
                    duplicatedCount <- duplicatedCount + 1L

                    {
                        Copies = 2
                        First = first
                        Second = network.Delay quality
                        IsDamaged = isDamaged
                    }
                else
                    { Copies = 1; First = first; Second = 0L; IsDamaged = isDamaged }

    /// Flips one bit in each of up to three bytes of a packet, or cuts its end off; how long it is then.
    member network.Damage(bytes: Span<byte>) : int =
        if Generator.below &network.random 4 = 0 then
            Generator.below &network.random bytes.Length
        else
            let first = Generator.below &network.random bytes.Length

            for other in 0 .. Generator.below &network.random 3 do
                let at = (first + other) % bytes.Length
                bytes[at] <- bytes[at] ^^^ (1uy <<< Generator.below &network.random 8)

            bytes.Length
