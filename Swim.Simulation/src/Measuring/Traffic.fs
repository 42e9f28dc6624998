namespace Swim.Simulation

open System

/// What members sent in some time.
type Traffic =
    {
        /// Packets.
        Messages: int64
        /// Bytes, without the headers of UDP and IP.
        Bytes: int64
        /// How long members ran, summed over all members.
        MemberTime: TimeSpan
    }

    member private traffic.PerMemberPerSecond(count: int64) =
        if traffic.MemberTime <= TimeSpan.Zero then
            0.0
        else
            float count / (float traffic.MemberTime.Ticks / float TimeSpan.TicksPerSecond)

    /// Packets that a member sends in a second.
    member traffic.MessageRate: float = traffic.PerMemberPerSecond traffic.Messages

    /// Bytes that a member sends in a second, without the headers of UDP and IP.
    member traffic.ByteRate: float = traffic.PerMemberPerSecond traffic.Bytes

/// What members sent from `At` on, for the length of one bucket.
type TrafficBucket = { At: TimeSpan; Traffic: Traffic }

/// Computes what members sent between one reading of the counters and the next.
[<Sealed>]
type internal TrafficCounter() =
    let mutable messages = 0L
    let mutable bytes = 0L
    let mutable memberTicks = 0L

    /// What was sent since the last reading, given the totals since the run began.
    member _.Read(allMessages: int64, allBytes: int64, allMemberTicks: int64) : Traffic =
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
