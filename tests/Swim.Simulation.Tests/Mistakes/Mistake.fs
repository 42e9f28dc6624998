namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Core
open Swim.Simulation

/// The protocol with a mistake: a step wrapped around the real one.
[<AbstractClass>]
type Mistake(rule: string, name: string) =

    /// The rule that the mistake breaks.
    member _.Rule = rule

    /// The mistake, in words.
    member _.Name = name

    abstract Step<'Id when 'Id: equality> :
        Rules<'Id> * State<'Id> * Event<'Id> -> struct (State<'Id> * Effects<'Id>)

    interface IProtocol with
        member mistake.Runner<'Id when 'Id: equality>() = MistakenRunner<'Id>(mistake) :> StepRunner<'Id>

/// Takes steps with a mistake.
and [<Sealed>] MistakenRunner<'Id when 'Id: equality>(mistake: Mistake) =
    inherit StepRunner<'Id>()
    override _.Step(rules, state, event) = mistake.Step(rules, state, event)

/// Building blocks of mistakes: changes of the event before a step, of the state and the effects after it.
[<RequireQualifiedAccess>]
module Mistake =

    let private effects (items: Effect<'Id> seq) : Effects<'Id> =
        Effects<'Id>.Of(ReadOnlySpan(Array.ofSeq items))

    /// Replaces each effect by others.
    let collect
        (change: Effect<'Id> -> Effect<'Id> list)
        (struct (after: State<'Id>, before: Effects<'Id>))
        : struct (State<'Id> * Effects<'Id>) =
        struct (after, effects (Seq.collect change before))

    /// Removes some effects.
    let without (isLost: Effect<'Id> -> bool) step =
        collect (fun effect -> if isLost effect then [] else [ effect ]) step

    /// Changes the packets that are sent.
    let sending (change: Packet<'Id> -> Packet<'Id>) step =
        collect
            (function
            | Send packet -> [ Send(change packet) ]
            | effect -> [ effect ])
            step

    /// Adds an effect at the end.
    let also (more: Effect<'Id>) (struct (after: State<'Id>, before: Effects<'Id>)) =
        struct (after, effects (Seq.append before [ more ]))

    /// Changes the state after the step.
    let ending (change: State<'Id> -> State<'Id>) (struct (after: State<'Id>, before: Effects<'Id>)) =
        struct (change after, before)

    /// A copy of a state with some fields changed.
    let change (set: State<'Id> -> unit) (state: State<'Id>) : State<'Id> =
        let copy = state.Copy()
        set copy
        copy

    /// The record at the address of this identity.
    let known (rules: Rules<'Id>) (identity: 'Id) (state: State<'Id>) : MemberRecord<'Id> voption =
        MemberTable.tryFind rules.Identities identity state.Members

    /// After a step, replaces the record of the same address if `mayReplace known record`, even where the rules
    /// do not allow it, and tells the event.
    let replacing
        (rules: Rules<'Id>)
        (mayReplace: MemberRecord<'Id> -> MemberRecord<'Id> -> bool)
        (struct (after: State<'Id>, before: Effects<'Id>))
        (record: MemberRecord<'Id>)
        : struct (State<'Id> * Effects<'Id>) =
        match known rules record.Identity after with
        | ValueSome known when mayReplace known record ->
            let position = MemberTable.find rules.Identities record.Identity after.Members
            let isSame = rules.Identities.SameIdentity(known.Identity, record.Identity)
            let mutable random = after.Random

            let members =
                MemberTable.replace
                    rules.Identities
                    (Owner())
                    &random
                    position
                    (Row.create record -1 null)
                    after.Members

            let told = Notify(SwimEvent.changed isSame &known &record ChangeCause.Gossip)

            struct (after |> change (fun copy -> copy.Members <- members),
                    effects (Seq.append before [ told ]))
        | _ -> struct (after, before)

    /// The records that an event brings, including the sender's.
    let recordsOf (event: Event<'Id>) : MemberRecord<'Id> list =
        match event with
        | PacketReceived packet ->
            MemberRecord.alive packet.Header.Source packet.Header.SourceIncarnation
            :: List.ofSeq packet.Updates
        | ApplyMany(updates, _) -> List.ofSeq updates
        | _ -> []

    /// A packet from this member.
    let packet (state: State<'Id>) (destination: 'Id) (message: Message<'Id>) : Packet<'Id> =
        {
            Header =
                {
                    Source = state.Identity
                    SourceIncarnation = state.Incarnation
                    Destination = destination
                    Kind = message.Kind
                    Named = message.Named
                    ProbeNumber = message.ProbeNumber
                    Health = 0uy
                }
            Updates = ArraySegment.Empty
            Broadcasts = ArraySegment.Empty
        }
