using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Support;

/// <summary>A step as it was when it was taken.</summary>
internal sealed record WitnessedStep<TIdentity>(
    int Member,
    Event<TIdentity> Event,
    State<TIdentity> After,
    Effects<TIdentity> Effects
);

/// <summary>
/// Instances on one network of which everything is recorded, and beside that kept as it was, so that the two can
/// be compared.
/// </summary>
internal sealed class RecordedCluster<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private readonly MemoryStream _sink = new();
    private readonly RecordingWriter<TIdentity> _writer;
    private readonly List<StepRecorder<TIdentity>> _recorders = [];
    private readonly ICodec<TIdentity> _codec;

    public RecordedCluster(ICodec<TIdentity> codec, bool keepsPayloads)
    {
        _codec = codec;
        Cluster = new VirtualCluster<TIdentity>(codec);
        _writer = new RecordingWriter<TIdentity>(
            _sink,
            codec,
            new RecordingOptions { KeepsPayloads = keepsPayloads }
        );
    }

    public VirtualCluster<TIdentity> Cluster { get; }

    /// <summary>Every step of every member, in the order in which they were taken.</summary>
    public List<WitnessedStep<TIdentity>> Steps { get; } = [];

    /// <summary>Adds an instance that was made with that random seed and has not taken a step.</summary>
    public VirtualNode<TIdentity> Add(SwimInstance<TIdentity> instance, ulong randomSeed)
    {
        var member = _recorders.Count;
        var recorder = new StepRecorder<TIdentity>(
            _writer,
            member,
            () => Cluster.Now.Ticks / TimeSpan.TicksPerMicrosecond,
            failed: exception => Assert.Fail(exception.ToString())
        );

        _recorders.Add(recorder);
        recorder.Start(instance.Identity, randomSeed, instance.Config);
        instance.Observe(new Witness(recorder, member, Steps));
        return Cluster.Add(instance);
    }

    /// <summary>Ends the recording; all of it.</summary>
    public byte[] Stop()
    {
        _recorders.ForEach(recorder => recorder.Stop());
        return _sink.ToArray();
    }

    /// <summary>Replays a recording, which has to lead to the same steps.</summary>
    public List<ReplayedStep<TIdentity>> AssertReplays(byte[] bytes, bool keepsPayloads)
    {
        var replay = new RecordingReplay<TIdentity>(IdentityOperations<TIdentity>.Instance, _codec);
        var (entries, damage) = Tape.Read(_codec, bytes);
        Assert.Null(damage);
        var replayed = entries.Select(replay.Apply).OfType<ReplayedStep<TIdentity>>().ToList();
        Assert.Equal(Steps.Count, replayed.Count);

        foreach (var (step, again) in Steps.Zip(replayed))
        {
            Assert.Null(again.Difference);
            Assert.Equal(step.Member, again.Entry.Member);
            Same.Events(step.Event, again.Entry.Event, keepsPayloads);
            Same.Effects(step.Effects, again.Effects, keepsPayloads);
            Same.States(step.After, again.After);
        }

        return replayed;
    }

    /// <summary>Keeps what it sees, before and after the recorder does its work.</summary>
    private sealed class Witness(
        StepRecorder<TIdentity> recorder,
        int member,
        List<WitnessedStep<TIdentity>> steps
    ) : IStepObserver<TIdentity>
    {
        public Rules<TIdentity> Observe(Rules<TIdentity> rules) => recorder.Observe(rules);

        public void Stepping() => recorder.Stepping();

        public void Stepped(
            State<TIdentity> before,
            in Event<TIdentity> happened,
            State<TIdentity> after,
            Effects<TIdentity> effects
        )
        {
            recorder.Stepped(before, happened, after, effects);
            steps.Add(new WitnessedStep<TIdentity>(member, Owned(happened), after, effects));
        }

        public void RolledBack() => recorder.RolledBack();

        public void ConfigChanged(SwimConfig config) => recorder.ConfigChanged(config);

        // The list of updates of a packet is only lent.
        private static Event<TIdentity> Owned(in Event<TIdentity> happened) =>
            happened.IsPacketReceived
                ? Event<TIdentity>.NewPacketReceived(
                    new Packet<TIdentity>(
                        happened.packet.Header,
                        happened.packet.Updates.ToArray(),
                        happened.packet.Broadcasts
                    )
                )
                : happened;
    }
}
