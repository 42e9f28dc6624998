/// Clusters of two to five members under loss, duplication, reordering, crashes, restarts, leaves and
/// changes of identity: every invariant holds at every step, and once the faults end, all agree.
module Swim.Core.Tests.ClusterTraces

open System
open Expecto
open Swim
open Swim.Core

let private test = "the faults of a cluster break no invariant and leave agreement behind"

/// What heals every split: members that are Down are told and asked, and what gossip lost is fed.
let private config (dice: Dice) =
    { Given.notifying with
        MaxPacketSize = dice.Pick [ 128; 1400 ]
        MaxTransmissions = dice.Pick [ 2; 6 ]
        SuspectToDownAfter = TimeSpan.FromSeconds(float (dice.Between(2, 6)))
        RemoveDownAfter = TimeSpan.FromSeconds(float (dice.Between(10, 60)))
        PeriodicAnnounce = Given.every 4000 1
        PeriodicAnnounceToDown = Given.every 3000 2
        PeriodicGossip = if dice.Chance 50 then Given.every 1000 3 else Nullable()
    }

/// Each announces to the seeds while it knows no active member, as a host does (R12.3).
let private announceIdle (dice: Dice) (cluster: Cluster) addresses =
    for address in cluster.Running do
        if cluster[address].State.Connection = ConnectionState.Idle then
            let seed = dice.Pick(List.except [ address ] addresses)
            cluster.Do(address, AnnounceTo(Given.peer seed)) |> ignore

let private disturb (dice: Dice) (cluster: Cluster) addresses =
    let address = dice.Pick addresses

    if not (List.contains address cluster.Running) then
        cluster.Restart address
    else
        let core = cluster[address]

        match dice.Below 10 with
        | 0
        | 1 -> cluster.Crash address
        | 2 -> cluster.Do(address, LeaveCluster) |> ignore
        | 3 -> cluster.Do(address, ChangeIdentity(Given.newer core.Identity)) |> ignore
        | 4 -> cluster.Do(address, ReuseDownIdentity) |> ignore
        | 5 -> cluster.Publish(address, "topic", dice.Below 20)
        | 6 -> cluster.Do(address, BroadcastNow) |> ignore
        | 7 ->
            // A false alarm, out of the blue.
            match core.RecordAt(dice.Pick(List.except [ address ] addresses)) with
            | Some known ->
                let suspicion = MemberRecord.suspect known.Identity known.Incarnation
                cluster.Do(address, Given.apply [ suspicion ]) |> ignore
            | None -> ()
        | 8 ->
            let struct (shortest, longest) =
                dice.Pick [ struct (1, 20); struct (1, 900); struct (300, 600) ]

            cluster.Delay <- struct (shortest, longest)
        | _ ->
            let cutOff = dice.Pick(0 :: addresses)

            cluster.Blocks <-
                fun packet ->
                    packet.Header.Source.Address = cutOff || packet.Header.Destination.Address = cutOff

/// No member knows an identity that its address has not had, nor a higher incarnation than its owner
/// has. Only an identity that is reused as it is begins again at zero.
let private expectNobodyAhead (context: string) (cluster: Cluster) =
    for observer in cluster.Running do
        for record in State.allMembers cluster[observer].State do
            let owner = cluster.LastIdentity record.Identity.Address

            if record.Identity.Generation > owner.Generation then
                failtestf "%d knows of %A, which has not been yet\n%s" observer record context

            if record.Identity = owner && owner.Renewable && List.contains owner.Address cluster.Running then
                let own = cluster[owner.Address].State.Incarnation

                if record.Incarnation > own then
                    failtestf "%d knows of %A, but it is at %d\n%s" observer record own context

let private run (randomSeed: uint64) =
    let dice = Dice(randomSeed)
    let addresses = [ 1 .. dice.Between(2, 5) ]
    let context = Seeds.replay test randomSeed
    let cluster = Cluster(Given.rules (config dice), randomSeed, context)
    let renewable = dice.Pick [ 100; 50; 0 ]

    for address in addresses do
        cluster.Start { Given.peer address with Renewable = dice.Chance renewable }

    cluster.Loss <- dice.Pick [ 0; 5; 30 ]
    cluster.Duplication <- dice.Pick [ 0; 20 ]

    for _ in 1..20 do
        announceIdle dice cluster addresses
        cluster.Run(TimeSpan.FromMilliseconds(float (dice.Between(1, 4000))))
        expectNobodyAhead context cluster
        disturb dice cluster addresses

    cluster.Loss <- 0
    cluster.Duplication <- 0
    cluster.Delay <- struct (1, 20)
    cluster.Blocks <- fun _ -> false

    for _ in 1..30 do
        announceIdle dice cluster addresses
        cluster.RunSeconds 4.0

    expectNobodyAhead context cluster
    cluster.ExpectAgreementInIslands "two minutes after the faults"

    // Islands that have forgotten each other, or never knew, have no way to meet but a seed.
    for address in cluster.TakingPart do
        for seed in List.except [ address ] addresses do
            cluster.Do(address, AnnounceTo(Given.peer seed)) |> ignore

    cluster.RunSeconds 30.0
    cluster.ExpectAgreement "after each member was announced to"

let tests =
    testList
        "Cluster traces"
        [
            testCase test
            <| fun () ->
                for randomSeed in Seeds.upTo 60UL do
                    run randomSeed

            testCase "a quiet cluster stays as it is, and every member gets every broadcast"
            <| fun () ->
                // As many transmissions as for a hundred, so that chance misses no member.
                let cluster = Cluster(Given.rules (SwimConfig.Lan 100), 5UL)
                cluster.Join [ for address in 1..5 -> Given.renewablePeer address ]
                cluster.Publish(3, "topic", 7)
                cluster.RunSeconds 60.0
                cluster.ExpectAgreement "after a minute"

                for address in 1..5 do
                    Expect.equal cluster[address].Identity (Given.renewablePeer address) "no false alarm"
                    Expect.equal cluster[address].State.Incarnation 0us "not even a suspicion"
                    Expect.equal (cluster.VersionAt(address, "topic")) 7 "the broadcast"

            testCase "a member that crashes is Down everywhere, and back when it restarts"
            <| fun () ->
                let cluster = Cluster(Given.rules (SwimConfig.Lan 5), 6UL)
                cluster.Join [ for address in 1..5 -> Given.renewablePeer address ]
                cluster.Crash 4
                cluster.RunSeconds 30.0
                cluster.ExpectAgreement "without it"
                cluster.Restart 4
                cluster.Do(4, AnnounceTo(Given.renewablePeer 1)) |> ignore
                cluster.RunSeconds 10.0
                cluster.ExpectAgreement "with it"

            testCase "two halves that were cut off from each other are one again"
            <| fun () ->
                let cluster = Cluster(Given.rules (SwimConfig.Lan 6), 7UL)
                cluster.Join [ for address in 1..6 -> Given.renewablePeer address ]
                let isLeft address = address <= 3

                cluster.Blocks <-
                    fun packet ->
                        isLeft packet.Header.Source.Address <> isLeft packet.Header.Destination.Address

                cluster.RunSeconds 60.0
                Expect.equal (Seen.activeAddresses cluster[1]) [ 2; 3 ] "one half"
                Expect.equal (Seen.activeAddresses cluster[4]) [ 5; 6 ] "the other"
                cluster.Blocks <- fun _ -> false
                cluster.RunSeconds 300.0
                cluster.ExpectAgreement "by announcing to those that are Down"
        ]
