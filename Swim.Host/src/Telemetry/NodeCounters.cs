namespace Swim.Host.Telemetry;

/// <summary>Counts the figures of <see cref="SwimNodeStatistics"/>, on any thread.</summary>
internal sealed class NodeCounters
{
    private static readonly MessageKind[] Kinds = Enum.GetValues<MessageKind>();

    private readonly long[] _refused = new long[Enum.GetValues<SwimError>().Length];
    private readonly long[] _probes = new long[Enum.GetValues<ProbeResult>().Length];
    private readonly Traffic[] _sent = new Traffic[Kinds.Length];
    private readonly Traffic[] _received = new Traffic[Kinds.Length];
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

    public void Sent(MessageKind kind, int bytes) => _sent[(int)kind].Add(bytes);

    public void Received(MessageKind kind, int bytes) => _received[(int)kind].Add(bytes);

    public void ProbeEnded(ProbeResult result) => Interlocked.Increment(ref _probes[(int)result]);

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
            Interlocked.Read(ref _resynchronized),
            Interlocked.Read(ref _probes[(int)ProbeResult.Direct]),
            Interlocked.Read(ref _probes[(int)ProbeResult.Indirect]),
            Interlocked.Read(ref _probes[(int)ProbeResult.Failed]),
            [.. Kinds.Select(Count)]
        );

    private SwimMessageCount Count(MessageKind kind)
    {
        var (sent, sentBytes) = _sent[(int)kind].Read();
        var (received, receivedBytes) = _received[(int)kind].Read();
        return new SwimMessageCount(kind, sent, sentBytes, received, receivedBytes);
    }

    private struct Traffic
    {
        private long _packets;
        private long _bytes;

        public void Add(int bytes)
        {
            Interlocked.Increment(ref _packets);
            Interlocked.Add(ref _bytes, bytes);
        }

        public (long Packets, long Bytes) Read() =>
            (Interlocked.Read(ref _packets), Interlocked.Read(ref _bytes));
    }
}
