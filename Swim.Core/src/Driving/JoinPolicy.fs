namespace Swim.Core

open System
open Swim

/// How eagerly a member joins.
[<Struct; NoComparison>]
type JoinSettings =
    {
        /// The wait before the seeds are asked for the second time; it doubles from then on. More than zero.
        RetryMin: TimeSpan
        /// The longest wait between two times of asking the seeds; at least `RetryMin`.
        RetryMax: TimeSpan
        /// How often seeds that are not active members are asked while the member is in a cluster; null asks only
        /// while it looks for one.
        Refresh: Nullable<TimeSpan>
        /// The wait between two members that are asked for a Feed. More than zero.
        FeedPace: TimeSpan
    }

/// What a member knows when it decides whom to ask.
[<Struct; NoComparison>]
type JoinView =
    {
        /// R4.1.
        Connection: ConnectionState
        /// How many members are active, without this one.
        ActiveMembers: int
        /// Whether a seed is one of them.
        KnowsSeed: bool
    }

/// Whom to send an Announce (R8.1).
type JoinAction =
    /// No member.
    | Rest = 0uy
    /// Each seed that is not an active member.
    | AskSeeds = 1uy
    /// One active member.
    | AskMember = 2uy

/// What a joining member does now, and when it decides again.
[<Struct; NoComparison>]
type JoinDecision =
    {
        Action: JoinAction
        /// The position of the active member to ask, from 0 to `ActiveMembers` - 1, if the action is `AskMember`.
        Position: int
        /// How long until the next decision; null is not before something changes.
        Wait: Nullable<TimeSpan>
    }

/// How far a member is in joining.
type JoinPhase =
    /// It asks its seeds, until one of them is an active member.
    | AskingSeeds = 0uy
    /// It asks active members for Feeds, until they name no new member.
    | GatheringFeeds = 1uy
    /// It has joined, or cannot take part.
    | Resting = 2uy

/// What a member remembers between two decisions.
[<Struct; NoComparison>]
type JoinProgress =
    {
        Phase: JoinPhase
        /// Whether Feeds are gathered once a seed is an active member.
        Gathers: bool
        /// The wait after the next time of asking the seeds, before it is spread.
        Delay: TimeSpan
        /// How many members were active when a Feed last named a new one.
        Known: int
        /// How many members in a row were asked for a Feed since then.
        QuietFeeds: int
        Random: RandomGenerator
    }

/// Joining, as a pure function: whom to ask, when again, and when enough is known (R12.3, decisions 0024, 0026). The
/// host runs it over sockets, the simulator over its virtual network.
[<RequireQualifiedAccess>]
module JoinPolicy =

    /// After so many Feeds in a row that name no new member, few members are left to be known.
    [<Literal>]
    let QuietFeedsToEnd = 10

    /// The pace of gathering that fits these parameters: a burst of twenty Feeds in a probe period. At least a tick.
    let feedPace (config: SwimConfig) : TimeSpan = max (TimeSpan.FromTicks 1L) (config.ProbePeriod / 20.0)

    let private round (settings: JoinSettings) gathers random : JoinProgress =
        {
            Phase = JoinPhase.AskingSeeds
            Gathers = gathers
            Delay = settings.RetryMin
            Known = 0
            QuietFeeds = 0
            Random = random
        }

    /// A member that begins to join. `randomSeed` fixes every random choice: the waits are spread, so that members
    /// that start together do not ask together.
    let start (settings: JoinSettings) (randomSeed: uint64) : JoinProgress =
        round settings true (RandomGenerator.create randomSeed)

    /// The member became Idle, may take part again, or has other seeds: it decides at once, and joins anew if it
    /// had joined.
    let reconsider (settings: JoinSettings) (progress: JoinProgress) : JoinProgress =
        if progress.Phase = JoinPhase.Resting then
            round settings true progress.Random
        else
            progress

    /// Between half and all of the wait.
    let private spread (wait: TimeSpan) (random: byref<RandomGenerator>) =
        let half = wait.Ticks / 2L
        TimeSpan.FromTicks(wait.Ticks - int64 (RandomGenerator.next &random % uint64 (half + 1L)))

    let private rest (settings: JoinSettings) (progress: JoinProgress) =
        let decision = { Action = JoinAction.Rest; Position = 0; Wait = settings.Refresh }
        struct (decision, { progress with Phase = JoinPhase.Resting })

    // A member that others joined first continues to ask: else its seeds, starting later, would remain a cluster of
    // their own.
    let private askSeeds (settings: JoinSettings) (view: JoinView) (progress: JoinProgress) =
        let ask wait = { Action = JoinAction.AskSeeds; Position = 0; Wait = wait }

        if view.Connection = ConnectionState.Active && view.KnowsSeed then
            if progress.Gathers then
                struct (ask (Nullable TimeSpan.Zero), { progress with Phase = JoinPhase.GatheringFeeds })
            else
                struct (ask settings.Refresh, { progress with Phase = JoinPhase.Resting })
        else
            let mutable random = progress.Random
            let wait = spread progress.Delay &random
            let next = progress.Delay + min progress.Delay (settings.RetryMax - progress.Delay)
            struct (ask (Nullable wait), { progress with Delay = next; Random = random })

    let private askMember (settings: JoinSettings) (view: JoinView) (progress: JoinProgress) =
        let isNew = view.ActiveMembers > progress.Known
        let quiet = if isNew then 0 else progress.QuietFeeds + 1

        if quiet = QuietFeedsToEnd then
            rest settings progress
        else
            let mutable random = progress.Random
            let position = RandomGenerator.below &random view.ActiveMembers

            struct ({
                        Action = JoinAction.AskMember
                        Position = position
                        Wait = Nullable settings.FeedPace
                    },
                    { progress with
                        Known = max progress.Known view.ActiveMembers
                        QuietFeeds = quiet
                        Random = random
                    })

    /// What to do now. To be called when a member starts, when the wait of the decision before is over, and after
    /// `reconsider`.
    let decide
        (settings: JoinSettings)
        (view: JoinView)
        (progress: JoinProgress)
        : struct (JoinDecision * JoinProgress) =
        match progress.Phase with
        | _ when view.Connection = ConnectionState.Defunct -> rest settings progress
        | JoinPhase.AskingSeeds -> askSeeds settings view progress
        | JoinPhase.GatheringFeeds when view.Connection = ConnectionState.Active ->
            askMember settings view progress
        | JoinPhase.GatheringFeeds -> askSeeds settings view (round settings true progress.Random)
        | _ -> askSeeds settings view (round settings false progress.Random)
