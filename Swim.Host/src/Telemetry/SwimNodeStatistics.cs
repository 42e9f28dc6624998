namespace Swim.Host;

/// <summary>The figures of a node since it started. They only grow.</summary>
/// <param name="PacketsReceived">The datagrams that were read from the socket.</param>
/// <param name="BytesReceived">The bytes of those datagrams.</param>
/// <param name="PacketsSent">The datagrams that were given to the socket.</param>
/// <param name="BytesSent">The bytes of those datagrams.</param>
/// <param name="ReceiveQueueDrops">The datagrams that were dropped because the queue of the loop was full.</param>
/// <param name="SendFailures">The datagrams that the system did not send.</param>
/// <param name="ReceiveFailures">The errors that the system reported while receiving.</param>
/// <param name="PacketsRefused">
/// The datagrams that the protocol refused, by reason; without reasons that did not occur.
/// </param>
/// <param name="ProbeCyclesIncomplete">The probe cycles that this machine was too slow to complete (R7.2).</param>
/// <param name="Resynchronizations">How often a slow reader of events lost its queue.</param>
/// <param name="ProbesAnswered">The probes that the target answered directly (R7.4).</param>
/// <param name="ProbesAnsweredIndirectly">The probes that were answered through a helper (R7.4).</param>
/// <param name="ProbesFailed">The probes without an answer within the probe period.</param>
/// <param name="Messages">
/// The packets by kind and direction, one entry for each kind, in the order of the kinds.
/// </param>
public sealed record SwimNodeStatistics(
    long PacketsReceived,
    long BytesReceived,
    long PacketsSent,
    long BytesSent,
    long ReceiveQueueDrops,
    long SendFailures,
    long ReceiveFailures,
    IReadOnlyDictionary<SwimError, long> PacketsRefused,
    long ProbeCyclesIncomplete,
    long Resynchronizations,
    long ProbesAnswered,
    long ProbesAnsweredIndirectly,
    long ProbesFailed,
    IReadOnlyList<SwimMessageCount> Messages
);
