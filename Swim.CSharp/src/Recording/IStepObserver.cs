using Swim.Core;

namespace Swim;

/// <summary>
/// Observes each step of a <see cref="SwimInstance{TIdentity}"/>, before its effects are carried out. The thread that
/// drives the instance calls the methods; they must not throw.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal interface IStepObserver<TIdentity>
{
    /// <summary>
    /// The rules that the instance continues with: the same, with functions that the observer sees called.
    /// </summary>
    Rules<TIdentity> Observe(Rules<TIdentity> rules);

    /// <summary>
    /// A step begins. It ends without <see cref="Stepped"/> if an identity or a key of the user throws.
    /// </summary>
    void Stepping();

    /// <summary>A step ended, and none of its effects is carried out yet.</summary>
    void Stepped(
        State<TIdentity> before,
        in Event<TIdentity> happened,
        State<TIdentity> after,
        Effects<TIdentity> effects
    );

    /// <summary>
    /// The steps since the last packet are undone: an identity of the user threw when the packet was to be answered.
    /// </summary>
    void TakenBack();

    /// <summary>The instance continues with other parameters.</summary>
    void ConfigChanged(SwimConfig config);
}
