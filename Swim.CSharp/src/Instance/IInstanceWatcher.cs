namespace Swim;

/// <summary>How a probe ended (R7).</summary>
internal enum ProbeResult
{
    /// <summary>The target answered itself.</summary>
    Direct,

    /// <summary>A helper forwarded the answer.</summary>
    Indirect,

    /// <summary>No answer came within the probe period.</summary>
    Failed,

    /// <summary>This machine was too slow to complete the probe, which says nothing about the target.</summary>
    Incomplete,
}

/// <summary>
/// Observes what a <see cref="SwimInstance{TIdentity}"/> sends, receives and probes, to count and to measure.
/// Changes of records are events (<see cref="ISwimRuntime{TIdentity}.Notify"/>). The thread that drives the
/// instance calls the methods; they must be quick and must not throw.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal interface IInstanceWatcher<TIdentity>
{
    /// <summary>A packet arrived and was decoded; the protocol may still refuse it.</summary>
    void Received(MessageKind kind, int bytes);

    /// <summary>The runtime is about to get a packet to send.</summary>
    void Sent(MessageKind kind, int bytes);

    /// <summary>A probe began; its Ping is about to be sent.</summary>
    void ProbeStarted();

    /// <summary>The current probe was answered, or its period is over.</summary>
    void ProbeEnded(TIdentity target, ProbeResult result);
}
