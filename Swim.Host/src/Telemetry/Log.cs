using System.Net;
using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>All log messages of a node. Their ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Member {Identity} listens on {EndPoint}")]
    public static partial void Started(ILogger logger, NodeIdentity identity, IPEndPoint endPoint);

    [LoggerMessage(2, LogLevel.Information, "Member {Identity} stopped")]
    public static partial void Stopped(ILogger logger, NodeIdentity identity);

    [LoggerMessage(3, LogLevel.Error, "The loop of member {Identity} failed")]
    public static partial void LoopFailed(ILogger logger, Exception exception, NodeIdentity identity);

    [LoggerMessage(10, LogLevel.Information, "Member up: {Identity}")]
    public static partial void MemberUp(ILogger logger, NodeIdentity identity);

    [LoggerMessage(11, LogLevel.Information, "Member down: {Identity}")]
    public static partial void MemberDown(ILogger logger, NodeIdentity identity);

    [LoggerMessage(34, LogLevel.Information, "Member left: {Identity}")]
    public static partial void MemberLeft(ILogger logger, NodeIdentity identity);

    [LoggerMessage(
        35,
        LogLevel.Error,
        "{Rival} claims the address of {Identity}, which renewed itself too often and waits. Do two processes use one address?"
    )]
    public static partial void AddressConflict(ILogger logger, NodeIdentity identity, NodeIdentity rival);

    [LoggerMessage(12, LogLevel.Information, "Member renamed: {Previous} is now {Identity}")]
    public static partial void Renamed(ILogger logger, NodeIdentity previous, NodeIdentity identity);

    [LoggerMessage(13, LogLevel.Information, "{Identity} is known to the cluster")]
    public static partial void Active(ILogger logger, NodeIdentity identity);

    [LoggerMessage(14, LogLevel.Warning, "{Identity} knows no active member")]
    public static partial void Idle(ILogger logger, NodeIdentity identity);

    [LoggerMessage(15, LogLevel.Warning, "{Identity} was declared down, and cannot renew itself")]
    public static partial void Defunct(ILogger logger, NodeIdentity identity);

    [LoggerMessage(16, LogLevel.Warning, "Declared down; rejoined as {Identity}")]
    public static partial void Rejoined(ILogger logger, NodeIdentity identity);

    [LoggerMessage(17, LogLevel.Information, "{Identity} has left the cluster")]
    public static partial void Left(ILogger logger, NodeIdentity identity);

    [LoggerMessage(20, LogLevel.Debug, "Asking the seed at {EndPoint}")]
    public static partial void AskingSeed(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(21, LogLevel.Warning, "Seed {Seed} cannot be resolved: {Reason}")]
    public static partial void SeedUnresolved(ILogger logger, SeedAddress seed, string reason);

    [LoggerMessage(22, LogLevel.Debug, "No seed is a member yet; they are asked again after {Delay}")]
    public static partial void JoinRetry(ILogger logger, TimeSpan delay);

    [LoggerMessage(23, LogLevel.Error, "Asking the seeds failed; they are not asked again")]
    public static partial void JoinFailed(ILogger logger, Exception exception);

    [LoggerMessage(24, LogLevel.Warning, "{Provider} failed to provide seeds; its earlier ones are kept")]
    public static partial void SeedsUnavailable(ILogger logger, Exception exception, string provider);

    [LoggerMessage(
        25,
        LogLevel.Warning,
        "The remembered members in {Path} cannot be read and are ignored; the file will be replaced"
    )]
    public static partial void MembersUnreadable(ILogger logger, Exception exception, string path);

    [LoggerMessage(26, LogLevel.Warning, "Members cannot be remembered in {Path}; the node will try again")]
    public static partial void MembersNotSaved(ILogger logger, Exception exception, string path);

    [LoggerMessage(33, LogLevel.Warning, "Leaving failed; the node stops")]
    public static partial void LeaveFailed(ILogger logger, Exception exception);

    [LoggerMessage(30, LogLevel.Debug, "Refused a packet of {Length} bytes: {Reason}")]
    public static partial void Refused(ILogger logger, int length, SwimError reason);

    [LoggerMessage(31, LogLevel.Warning, "A timer was late or lost: {Reason}. Is this machine overloaded?")]
    public static partial void TimerFault(ILogger logger, SwimError reason);

    [LoggerMessage(32, LogLevel.Warning, "Leaving took longer than {Timeout}")]
    public static partial void LeaveTimedOut(ILogger logger, TimeSpan timeout);

    [LoggerMessage(40, LogLevel.Information, "Recording to {Path}")]
    public static partial void Recording(ILogger logger, string path);

    [LoggerMessage(
        41,
        LogLevel.Error,
        "Recording to {Path} failed and has ended; the node continues without it"
    )]
    public static partial void RecordingFailed(ILogger logger, Exception exception, string path);

    [LoggerMessage(
        42,
        LogLevel.Error,
        "Recording to {Path} has ended. {Reason} Raise RecordingMaxBytes. The node continues without it"
    )]
    public static partial void RecordingFull(ILogger logger, string path, string reason);

    [LoggerMessage(18, LogLevel.Information, "Member suspected: {Identity} ({Cause})")]
    public static partial void Suspected(ILogger logger, NodeIdentity identity, ChangeCause cause);

    [LoggerMessage(19, LogLevel.Information, "Member refuted: {Identity} is alive")]
    public static partial void Refuted(ILogger logger, NodeIdentity identity);

    [LoggerMessage(27, LogLevel.Warning, "{Identity} was suspected or declared down, and refuted")]
    public static partial void SelfRefuted(ILogger logger, NodeIdentity identity);

    [LoggerMessage(28, LogLevel.Debug, "Member updated: {Record}")]
    public static partial void Updated(ILogger logger, MemberRecord<NodeIdentity> record);

    [LoggerMessage(29, LogLevel.Debug, "Member forgotten: {Identity}")]
    public static partial void Forgotten(ILogger logger, NodeIdentity identity);

    /// <summary>Logs an event under the number of its kind.</summary>
    public static void Occurred(ILogger logger, in SwimEvent<NodeIdentity> occurred)
    {
        var identity = occurred.Identity;

        switch (occurred.Kind)
        {
            case SwimEventKind.MemberUp:
                MemberUp(logger, identity);
                break;
            case SwimEventKind.MemberDown when occurred.Cause == ChangeCause.Leave:
                MemberLeft(logger, identity);
                break;
            case SwimEventKind.MemberDown:
                MemberDown(logger, identity);
                break;
            case SwimEventKind.MemberRenamed:
                Renamed(logger, occurred.Before.Identity, identity);
                break;
            case SwimEventKind.MemberSuspected:
                Suspected(logger, identity, occurred.Cause);
                break;
            case SwimEventKind.MemberRefuted:
                Refuted(logger, identity);
                break;
            case SwimEventKind.MemberUpdated:
                Updated(logger, occurred.After);
                break;
            case SwimEventKind.MemberForgotten:
                Forgotten(logger, identity);
                break;
            case SwimEventKind.Active:
                Active(logger, identity);
                break;
            case SwimEventKind.Idle:
                Idle(logger, identity);
                break;
            case SwimEventKind.Defunct when occurred.Cause == ChangeCause.Leave:
                Left(logger, identity);
                break;
            case SwimEventKind.Defunct:
                Defunct(logger, identity);
                break;
            case SwimEventKind.Rejoined:
                Rejoined(logger, identity);
                break;
            case SwimEventKind.SelfRefuted:
                SelfRefuted(logger, identity);
                break;
            case SwimEventKind.AddressConflict:
                AddressConflict(logger, occurred.Before.Identity, identity);
                break;
        }
    }
}
