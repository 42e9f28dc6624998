namespace Swim.Fuzz

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// A packet arrives at a member in the middle of its life (R9): the first byte of the input says at which,
/// the rest is the body of the packet.
[<Sealed>]
type internal StepTarget(runner: unit -> StepRunner<NodeIdentity>) =

    let decoder = DecodeTarget()

    /// How many of the timers that the packet set are let fire afterwards.
    let timersFired = 3

    /// What the rules say of packets that change nothing (R9.2, R9.3), said again. Whether this is one.
    let isRefused (warm: WarmState) (packet: Packet<NodeIdentity>) (session: Session) (error: SwimError) =
        let before, after = warm.State, session.State
        let header = packet.Header
        let isHere (identity: NodeIdentity) = identity.HasSameAddress before.Identity

        let isForUs =
            header.Destination = before.Identity
            || (header.Kind = MessageKind.Announce && isHere header.Destination)

        let namesUs = header.NamesMember && isHere header.Named

        let expected =
            if isHere header.Source then Some SwimError.DataFromOurselves
            elif not isForUs then Some SwimError.None
            elif namesUs then Some SwimError.IndirectForOurselves
            else None

        match expected with
        | Some _ when before.PendingReply.IsSome -> () // The answer that waited was given first.
        | Some expected ->
            let struct (_, effects) = session.Taken[0]
            let effects = List.ofSeq effects
            let reports = if expected = SwimError.None then [] else [ Report expected ]

            // R13.6: to a former identity there may be an answer, which a check of the step has judged.
            let isCalledByOldName = after.Claims.Reminded.Length = before.Claims.Reminded.Length + 1

            let isSilent = effects = reports || (expected = SwimError.None && isCalledByOldName)

            if error <> expected || not isSilent || session.Taken.Count > 1 then
                Fault.found "%O and %A for a packet that deserves %O" error effects expected

            let isUntouched =
                obj.ReferenceEquals(before.Members, after.Members)
                && obj.ReferenceEquals(before.Tombstones, after.Tombstones)
                && obj.ReferenceEquals(before.Updates, after.Updates)
                && obj.ReferenceEquals(before.Broadcasts, after.Broadcasts)
                && before.Identity = after.Identity
                && before.Incarnation = after.Incarnation
                && before.Connection = after.Connection
                && before.Token = after.Token
                && before.Probe = after.Probe
                && before.Random = after.Random

            if not isUntouched then
                Fault.found "a packet that is refused changed the state"
        | None -> ()

        expected.IsSome

    /// The core itself.
    new() = StepTarget StepRunner

    /// Lets the session, which begins at that state, receive a packet with this body, if it is one.
    member _.Run(session: Session, warm: WarmState, body: ReadOnlySpan<byte>) : unit =
        let mutable packet = Unchecked.defaultof<Packet<NodeIdentity>>
        let fits = Frame.size + body.Length <= warm.Rules.Config.MaxPacketSize

        if fits && decoder.Read(body, &packet) = SwimError.None then
            let error = session.Handle(PacketReceived packet)

            if not (isRefused warm packet session error) then
                let timers = Seq.truncate timersFired session.Timers |> List.ofSeq

                // The state that it left must be able to continue.
                for timer in timers @ warm.Due do
                    session.Handle(TimerFired timer) |> ignore

    /// The same, at that state; the steps that it took.
    member target.CheckAt(warm: WarmState, body: ReadOnlySpan<byte>) : IReadOnlyList<Taken> =
        let session = warm.Begin(runner ())
        target.Run(session, warm, body)
        session.Taken

    /// The same, at the state that the first byte of the input names.
    member target.Check(input: byte[]) : IReadOnlyList<Taken> =
        if input.Length = 0 then
            [||]
        else
            target.CheckAt(WarmStates.select input[0], ReadOnlySpan(input, 1, input.Length - 1))
