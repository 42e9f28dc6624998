/// What the tests begin with: identities, records, rules, packets and cores in some situation.
[<RequireQualifiedAccess>]
module Swim.Core.Tests.Given

open System
open Swim
open Swim.Core

/// The first identity at an address; it cannot renew itself.
let peer (address: int) : TestId = { Address = address; Generation = 1; Renewable = false }

/// The first identity at an address, of the kind that can renew itself.
let renewablePeer (address: int) : TestId = { peer address with Renewable = true }

/// The identity after this one, at the same address.
let newer (identity: TestId) : TestId = { identity with Generation = identity.Generation + 1 }

/// Who we are in a test of one core.
let me = peer 1

/// Who we are where we must be able to renew ourselves.
let renewableMe = renewablePeer 1

let alive address = MemberRecord.alive (peer address) 0us
let suspect address = MemberRecord.suspect (peer address) 0us
let down address = MemberRecord.down (peer address) 0us
let left address = MemberRecord.left (peer address)

/// The event of a record that took the place of another.
let changed isSame (before: MemberRecord<TestId>) (after: MemberRecord<TestId>) cause =
    SwimEvent.changed isSame &before &after cause

/// Down is final, as R1 to R12 have it.
let simple = { SwimConfig.Simple() with DownIsFinal = true }

/// A Down can be refuted (R13), and members that are Down are told so.
let refutable = { simple with DownIsFinal = false; NotifyDownMembers = true }

/// As `simple`, and members that are Down are told so.
let notifying = { simple with NotifyDownMembers = true }

/// This configuration with all of R14 and R15: local health, confirmed suspicions, sizes that follow from the
/// members that are known, and early questions to Down members.
let careful (config: SwimConfig) =
    { config with
        TransmissionMultiplier = 4
        SuspicionMultiplier = 4
        SuspicionConfirmations = 3
        MaxSuspicionFactor = 6
        MaxLocalHealth = 7
        AccountableAccusers = true
        AskDownEarly = true
    }

let every milliseconds members =
    System.Nullable { Frequency = TimeSpan.FromMilliseconds(float milliseconds); Members = members }

let rules config = Rules.create config TestId.operations TestId.sizes

let updates (records: MemberRecord<TestId> list) = ArraySegment(Array.ofList records)

let apply records = ApplyMany(updates records, true)
let restore records = ApplyMany(updates records, false)

let payload (length: int) : Payload = ReadOnlyMemory(Array.init length (fun index -> byte (index % 251)))

let packet
    source
    incarnation
    destination
    (message: Message<TestId>)
    records
    (payloads: Payload list)
    : Packet<TestId> =
    {
        Header =
            {
                Source = source
                SourceIncarnation = incarnation
                Destination = destination
                Kind = message.Kind
                Named = message.Named
                ProbeNumber = message.ProbeNumber
                Health = 0uy
            }
        Updates = updates records
        Broadcasts = ArraySegment(Array.ofList payloads)
    }

/// A message from a peer to us, with these updates.
let fromWith records source message = PacketReceived(packet source 0us me message records [])

/// A message to any identity, with these updates.
let fromTo destination records source message =
    PacketReceived(packet source 0us destination message records [])

/// A message from a peer to us, with nothing else in it.
let from source message = fromWith [] source message

/// A core that knows no other member.
let coreWith config identity = CheckedMember(rules config, identity, 42UL)

/// A core under this identity that knows these records, as if it had known them for long: nothing waits to be
/// disseminated.
let knownBy identity config (records: MemberRecord<TestId> list) : CheckedMember =
    let core = coreWith config identity
    core.Step(restore records) |> ignore
    core

/// As `knownBy`, for `me`.
let knowingWith config records = knownBy me config records

/// Tells a core by a TurnUndead why it is not active in the table of a peer (R13.4); what it does.
let turnUndead (core: CheckedMember) source (reason: MemberRecord<TestId>) =
    core.Step(fromTo core.Identity [ reason ] source Message.turnUndead)

/// As `knowingWith`, for the plain configuration.
let knowing records = knowingWith simple records

/// As `knowing`, with all of these addresses Alive.
let knowingAlive addresses = knowing (List.map alive addresses)

/// Lets the probe period end and the next begin; who is probed now, and with which number.
let probe (core: CheckedMember) : TestId * uint32 =
    core.Fire(ProbeRandomMember core.State.Token) |> ignore
    core.State.Probe.Target.Value.Identity, core.State.Probe.Number

/// Lets the time for a direct answer end.
let indirectStage (core: CheckedMember) =
    match core.State.Probe.Target with
    | ValueSome target -> core.Fire(SendIndirectProbe(target.Identity, core.State.Token))
    | ValueNone -> []

/// A whole probe period that the probed member answers; who that was.
let answeredPeriod (core: CheckedMember) : TestId =
    let target, number = probe core

    core.Step(PacketReceived(packet target 0us core.Identity (Message.ack number) [] []))
    |> ignore

    indirectStage core |> ignore
    target

/// A whole probe period without an answer; the member that was probed. The next period raises the suspicion.
let silentPeriod (core: CheckedMember) : TestId =
    let target, _ = probe core
    indirectStage core |> ignore
    target
