namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// An outage that members may still notice. Of each member there is at most one.
[<Sealed; AllowNullLiteral>]
type internal OpenOutage<'Id>(kind: OutageKind, node: int, identity: 'Id, at: int64, awaited: bool[]) =
    let noticed = List<TimeSpan>()

    member val Excused = 0 with get, set
    member val Renamed = 0 with get, set
    member _.Identity = identity
    member _.Kind = kind

    /// Who is still to notice it, by the number of the member.
    member _.Awaited = awaited

    member _.Notice(time: int64) = noticed.Add(TimeSpan.FromTicks(time - at))

    member outage.Close(awaitedAtFirst: int) : Outage =
        {
            Node = node
            Kind = kind
            At = TimeSpan.FromTicks at
            Awaited = awaitedAtFirst
            Noticed = noticed.ToArray()
            Excused = outage.Excused
            Renamed = outage.Renamed
        }

/// Adds up what members send between one look and the next.
[<Sealed>]
type internal TrafficCounter() =
    let mutable messages = 0L
    let mutable bytes = 0L
    let mutable memberTicks = 0L

    /// What was sent since the last look, given all that was ever sent.
    member _.Look(allMessages: int64, allBytes: int64, allMemberTicks: int64) : Traffic =
        let traffic =
            {
                Messages = allMessages - messages
                Bytes = allBytes - bytes
                MemberTime = TimeSpan.FromTicks(allMemberTicks - memberTicks)
            }

        messages <- allMessages
        bytes <- allBytes
        memberTicks <- allMemberTicks
        traffic
