namespace Swim.Core

open System
open Swim

/// Asking Down members whether they are back: soon after one went, and then ever more seldom, the latest first
/// (R15.2).
[<RequireQualifiedAccess>]
module internal AskingDown =

    /// The first question comes after this time, and later ones are not closer.
    let private first = TimeSpan.FromSeconds 1.0

    /// About so many members ask one that went, whatever the size of the cluster.
    [<Literal>]
    let private Askers = 16

    let private schedule (step: StepContext<'Id>) (wait: TimeSpan) (age: TimeSpan) =
        let sequence = step.State.DownQuestions.Sequence + 1UL
        step.Change().DownQuestions <- { Sequence = sequence; IsPending = true; Age = age }
        step.Schedule(AskDown sequence, wait)

    let private most (step: StepContext<'Id>) = step.Rules.Config.PeriodicAnnounceToDown.Value.Frequency

    /// There is a new reason to ask: the waits begin again with the shortest.
    let again (step: StepContext<'Id>) : unit =
        let questions = step.State.DownQuestions

        if
            step.Rules.Config.AskDownEarly
            && step.Rules.Config.PeriodicAnnounceToDown.HasValue
            && step.State.Connection <> ConnectionState.Defunct
            && not (questions.IsPending && questions.Age <= first)
            && first < most step
        then
            schedule step first first

    /// A member is Down now. One that left will not be back, and neither will an identity that we gave up.
    let start (step: StepContext<'Id>) (record: inref<MemberRecord<'Id>>) : unit =
        if not record.HasLeft && not (step.IsAtOurAddress record.Identity) then
            again step

    // Down members are in the table in the order in which they went, the latest first, as long as none comes back.
    let private ask (step: StepContext<'Id>) =
        let members = step.State.Members
        let latest = members.ActiveCount
        let mutable left = step.Rules.Config.PeriodicAnnounceToDown.Value.Members
        let mutable position = latest
        let draw = step.Draw
        draw.Begin(latest + 1, members.Count - latest - 1, left)

        while position >= 0 && left > 0 do
            let identity = members[position].Identity

            if not (step.IsAtOurAddress identity) then
                Sending.send step identity Message.announce
                left <- left - 1

            position <- draw.Next(&step.Random)

    /// The wait before the next question grows with the time since the reason, at random so that members do not ask
    /// at once. When it reaches that of `PeriodicAnnounceToDown`, that one asks alone.
    let private scheduleNext (step: StepContext<'Id>) =
        let age = step.State.DownQuestions.Age
        let eighth = int (age.TotalMilliseconds / 8.0)
        let drawn = eighth + RandomGenerator.below &step.Random (eighth + 1)
        let wait = max first (TimeSpan.FromMilliseconds(float drawn))

        if wait < most step then
            schedule step wait (age + wait)
        else
            step.Change().DownQuestions <- { step.State.DownQuestions with IsPending = false }

    /// The timer fired.
    let fire (step: StepContext<'Id>) (sequence: uint64) : unit =
        let questions = step.State.DownQuestions

        if questions.IsPending && sequence = questions.Sequence then
            if
                step.Rules.Config.PeriodicAnnounceToDown.HasValue
                && step.State.Connection <> ConnectionState.Defunct
                && step.State.Members.Count > step.State.Members.ActiveCount
            then
                if RandomGenerator.below &step.Random step.KnownMembers < Askers then
                    ask step

                scheduleNext step
            else
                step.Change().DownQuestions <- { questions with IsPending = false }
