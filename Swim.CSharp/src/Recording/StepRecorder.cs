using Swim.Core;
using Swim.Recording.Format;

namespace Swim.Recording;

/// <summary>
/// Records the events of one instance. If that fails, it ends the recording, reports that once, and the instance
/// continues.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="writer">The writer of the recording; several members can share it, on one thread.</param>
/// <param name="member">The number of the member in the recording.</param>
/// <param name="clock">Returns the microseconds since the recording began.</param>
/// <param name="failed">Called once with the reason if the recording ends early; must not throw.</param>
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

    /// <summary>Records the start of the instance; to be called before its first step.</summary>
    public void Start(TIdentity identity, ulong randomSeed, SwimConfig config) =>
        Record(now => writer.MemberStarted(member, now, identity, randomSeed, config));

    /// <summary>Records the regular end of the instance. Nothing is recorded after that.</summary>
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

    // Not through Record, which would make a closure for every step.
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
#pragma warning disable CA1031 // The member continues whatever prevents the recording.
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
                "An identity threw while a packet was answered, and the steps since the packet were undone."
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
#pragma warning disable CA1031 // The member continues whatever prevents the recording.
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
