using Swim.Core;

namespace Swim;

/// <summary>
/// Records what one instance is told. If that fails, it ends the recording, says so once, and lets the instance go
/// on.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="writer">Where to; several members of one recording share it, on one thread.</param>
/// <param name="member">The member's number in the recording.</param>
/// <param name="clock">The microseconds since the recording began.</param>
/// <param name="failed">Told once why the recording ended early; must not throw.</param>
internal sealed class StepRecorder<TIdentity>(
    RecordingWriter<TIdentity> writer,
    int member,
    Func<long> clock,
    Action<Exception> failed
) : IStepObserver<TIdentity>
{
    // A recording may be stopped while its instance still takes steps on another thread.
    private readonly Lock _lock = new();
    private readonly BroadcastAnswers<TIdentity> _answers = new();
    private bool _isOver;

    /// <summary>The instance comes to be; to be called before its first step.</summary>
    public void Start(TIdentity identity, ulong seed, SwimConfig config) =>
        Record(now => writer.MemberStarted(member, now, identity, seed, config));

    /// <summary>The instance ends in good order. Nothing is recorded after that.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            Record(now => writer.MemberStopped(member, now));
            _isOver = true;
        }
    }

    public Rules<TIdentity> Observe(Rules<TIdentity> rules) => _answers.ListenTo(rules);

    public void Stepping() => _answers.Clear();

    // Not by way of Record: that would make a closure for every step.
    public void Stepped(
        State<TIdentity> before,
        in Event<TIdentity> @event,
        State<TIdentity> after,
        Effects<TIdentity> effects
    )
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                writer.Stepped(member, clock(), before, @event, _answers, after, effects);
            }
#pragma warning disable CA1031 // Whatever keeps it from recording, the member goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
        }
    }

    public void RolledBack() =>
        Record(_ =>
            throw new RecordingException(
                "an identity threw while a packet was answered, and the steps before were rolled back"
            )
        );

    public void ConfigChanged(SwimConfig config) => Record(now => writer.ConfigChanged(member, now, config));

    private void Record(Action<long> write)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                write(clock());
            }
#pragma warning disable CA1031 // Whatever keeps it from recording, the member goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
        }
    }

    private void Fail(Exception exception)
    {
        _isOver = true;
        failed(exception);
    }
}
