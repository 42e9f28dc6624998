namespace Swim.Host;

/// <summary>What a node has done since it started. All figures only grow.</summary>
/// <param name="PacketsReceived">Datagrams taken from the socket.</param>
/// <param name="BytesReceived">Their bytes.</param>
/// <param name="PacketsSent">Datagrams given to the socket.</param>
/// <param name="BytesSent">Their bytes.</param>
/// <param name="ReceiveQueueDrops">Datagrams dropped because the queue to the node's loop was full.</param>
/// <param name="SendFailures">Datagrams that the system would not send.</param>
/// <param name="ReceiveFailures">Errors that the system reported while receiving.</param>
/// <param name="PacketsRefused">Datagrams that the protocol refused, by reason; reasons without any are left out.</param>
/// <param name="ProbeCyclesIncomplete">Probe cycles that this machine was too slow to finish in order.</param>
/// <param name="ChangesResynchronized">How often a slow reader of changes lost its queue.</param>
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
    long ChangesResynchronized
);

/// <summary>The figures behind <see cref="SwimNodeStatistics"/>, counted by whatever thread sees them happen.</summary>
internal sealed class NodeCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<SwimError>().Length];
    private long _packetsReceived;
    private long _bytesReceived;
    private long _packetsSent;
    private long _bytesSent;
    private long _queueDrops;
    private long _sendFailures;
    private long _receiveFailures;
    private long _incompleteCycles;
    private long _resynchronized;

    public void Received(int bytes)
    {
        Interlocked.Increment(ref _packetsReceived);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    public void Sent(int bytes)
    {
        Interlocked.Increment(ref _packetsSent);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    public void Dropped() => Interlocked.Increment(ref _queueDrops);

    public void SendFailed() => Interlocked.Increment(ref _sendFailures);

    public void ReceiveFailed() => Interlocked.Increment(ref _receiveFailures);

    public void Refused(SwimError reason) => Interlocked.Increment(ref _refused[(int)reason]);

    public void TimerFault(SwimError fault)
    {
        if (fault == SwimError.IncompleteProbeCycle)
        {
            Interlocked.Increment(ref _incompleteCycles);
        }
    }

    public void Resynchronized() => Interlocked.Increment(ref _resynchronized);

    public SwimNodeStatistics Read() =>
        new(
            Interlocked.Read(ref _packetsReceived),
            Interlocked.Read(ref _bytesReceived),
            Interlocked.Read(ref _packetsSent),
            Interlocked.Read(ref _bytesSent),
            Interlocked.Read(ref _queueDrops),
            Interlocked.Read(ref _sendFailures),
            Interlocked.Read(ref _receiveFailures),
            Enum.GetValues<SwimError>()
                .Select(reason => (reason, count: Interlocked.Read(ref _refused[(int)reason])))
                .Where(entry => entry.count > 0)
                .ToDictionary(entry => entry.reason, entry => entry.count),
            Interlocked.Read(ref _incompleteCycles),
            Interlocked.Read(ref _resynchronized)
        );
}
