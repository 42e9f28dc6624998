namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// A packet on the network, as bytes.
[<Struct; NoEquality; NoComparison>]
type Datagram =
    {
        Bytes: byte[]
        /// How many of the bytes are the packet.
        Length: int
        /// The number of the member that it is sent to.
        Destination: int
    }

/// What the network decides about a packet.
[<Struct>]
type Fate =
    {
        /// How often it arrives: 0 if it is lost.
        Copies: int
        /// How long the first copy takes, in ticks.
        First: int64
        /// How long the second copy takes, in ticks.
        Second: int64
        /// Whether the first copy arrives damaged.
        IsDamaged: bool
    }

/// How many packets met each fault of the network.
[<Struct>]
type NetworkFaults =
    {
        /// At random, or by a cut or split.
        Lost: int64
        Duplicated: int64
        /// Delayed, so that later ones may arrive first.
        HeldBack: int64
        /// Damaged.
        Damaged: int64
    }

/// The network between members: the quality of each link, and which links are cut.
[<Sealed>]
type Network private (quality: Quality) =

    [<DefaultValue(false)>]
    val mutable private random: RandomGenerator

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

    static member Create(quality: Quality, randomSeed: uint64) =
        let network = Network(quality)
        network.random <- RandomGenerator.create randomSeed
        network

    /// The faults so far.
    member _.Faults: NetworkFaults =
        {
            Lost = lostCount
            Duplicated = duplicatedCount
            HeldBack = heldBackCount
            Damaged = damagedCount
        }

    /// The quality of all links that have no quality of their own.
    member _.Quality
        with get () = quality
        and set value = quality <- value

    /// Gives a link, in one direction, a quality of its own.
    member _.SetLink(from: int, towards: int, special: Quality) = links[link from towards] <- special

    /// Cuts the links from each of these members to each of those.
    member _.Cut(from: int list, towards: int list) =
        for one in from do
            for other in towards do
                cuts.Add(link one other) |> ignore

    /// Cuts all links between different groups. Members in no group form one more group.
    member _.Split(parts: int list list) =
        let table = Dictionary<int, int>()

        parts
        |> List.iteri (fun group members -> members |> List.iter (fun node -> table[node] <- group))

        groups <- Some table

    /// Ends all splits, cuts and special links.
    member _.Heal() =
        links.Clear()
        cuts.Clear()
        badLinks.Clear()
        groups <- None

    /// Whether the link from one member to the other is not cut.
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

    /// Decides the fate of a packet that is sent now.
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

    /// Flips one bit in each of up to three bytes of a packet, or cuts its end off. The length afterwards.
    member network.Damage(bytes: Span<byte>) : int =
        if RandomGenerator.below &network.random 4 = 0 then
            RandomGenerator.below &network.random bytes.Length
        else
            let first = RandomGenerator.below &network.random bytes.Length

            for other in 0 .. RandomGenerator.below &network.random 3 do
                let at = (first + other) % bytes.Length
                bytes[at] <- bytes[at] ^^^ (1uy <<< RandomGenerator.below &network.random 8)

            bytes.Length
