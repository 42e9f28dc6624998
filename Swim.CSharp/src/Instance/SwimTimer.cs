using CoreTimer = Swim.Core.Timer<int>;

namespace Swim;

/// <summary>
/// A timer, to be given back to <see cref="SwimInstance{TIdentity}.HandleTimer"/> when it is due. Only the instance
/// that asked for it can read it. foca's <c>Timer</c>.
/// </summary>
/// <remarks>
/// Handle timers that are due at the same time in the order of <see cref="CompareTo"/>, so that the indirect stage
/// of a probe comes before the end of its period.
/// </remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public readonly struct SwimTimer<TIdentity>
    : IEquatable<SwimTimer<TIdentity>>,
        IComparable<SwimTimer<TIdentity>>
    where TIdentity : IIdentity<TIdentity>
{
    internal SwimTimer(Swim.Core.Timer<TIdentity> inner) => Inner = inner;

    internal Swim.Core.Timer<TIdentity>? Inner { get; }

    private int Order =>
        Inner?.Tag switch
        {
            CoreTimer.Tags.SendIndirectProbe => 0,
            CoreTimer.Tags.ProbeRandomMember => 1,
            CoreTimer.Tags.ChangeSuspectToDown => 2,
            CoreTimer.Tags.PeriodicAnnounce => 3,
            CoreTimer.Tags.PeriodicGossip => 4,
            CoreTimer.Tags.RemoveDown => 5,
            CoreTimer.Tags.PeriodicAnnounceDown => 6,
            CoreTimer.Tags.RemoveTombstone => 7,
            CoreTimer.Tags.ResetRenewals => 8,
            CoreTimer.Tags.ResetReminders => 9,
            CoreTimer.Tags.SendNack => 10,
            CoreTimer.Tags.AskDown => 11,
            _ => 12,
        };

    /// <summary>Orders timers that are due at the same time, the first to handle first.</summary>
    public int CompareTo(SwimTimer<TIdentity> other) => Order.CompareTo(other.Order);

    /// <inheritdoc />
    public bool Equals(SwimTimer<TIdentity> other) => Equals(Inner, other.Inner);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SwimTimer<TIdentity> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Inner?.GetHashCode() ?? 0;

    /// <summary>The kind and contents of the timer, for logs.</summary>
    public override string ToString() =>
        Inner switch
        {
            null => "(none)",
            Swim.Core.Timer<TIdentity>.ProbeRandomMember => "ProbeRandomMember",
            Swim.Core.Timer<TIdentity>.SendIndirectProbe timer => $"SendIndirectProbe of {timer.probed}",
            Swim.Core.Timer<TIdentity>.ChangeSuspectToDown timer =>
                $"ChangeSuspectToDown of {timer.suspect} at incarnation {timer.incarnation}",
            Swim.Core.Timer<TIdentity>.RemoveDown timer =>
                $"RemoveDown of {timer.identity} at incarnation {timer.incarnation}",
            Swim.Core.Timer<TIdentity>.RemoveTombstone => "RemoveTombstone",
            { IsResetRenewals: true } => "ResetRenewals",
            { IsResetReminders: true } => "ResetReminders",
            Swim.Core.Timer<TIdentity>.SendNack timer => $"SendNack to {timer.origin}",
            Swim.Core.Timer<TIdentity>.AskDown => "AskDown",
            { IsPeriodicAnnounce: true } => "PeriodicAnnounce",
            { IsPeriodicAnnounceDown: true } => "PeriodicAnnounceDown",
            _ => "PeriodicGossip",
        };

    /// <summary>Whether the two timers are equal.</summary>
    public static bool operator ==(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        left.Equals(right);

    /// <summary>Whether the two timers differ.</summary>
    public static bool operator !=(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> is to be handled before <paramref name="right"/>.</summary>
    public static bool operator <(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> may be handled before <paramref name="right"/>.</summary>
    public static bool operator <=(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is to be handled after <paramref name="right"/>.</summary>
    public static bool operator >(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> may be handled after <paramref name="right"/>.</summary>
    public static bool operator >=(SwimTimer<TIdentity> left, SwimTimer<TIdentity> right) =>
        left.CompareTo(right) >= 0;
}
