using Swim.Core;

namespace Swim;

/// <summary>
/// Is told of each step that a <see cref="SwimInstance{TIdentity}"/> takes, before anything of it can be seen from
/// outside. Its methods are called by whoever drives the instance, and must not throw.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal interface IStepObserver<TIdentity>
{
    /// <summary>The rules that the instance goes on with: the same, but for functions that are listened to.</summary>
    Rules<TIdentity> Observe(Rules<TIdentity> rules);

    /// <summary>A step begins. It may come to nothing, if an identity or a key of the user throws.</summary>
    void Stepping();

    /// <summary>A step is done, and none of its effects is carried out yet.</summary>
    void Stepped(
        State<TIdentity> before,
        in Event<TIdentity> happened,
        State<TIdentity> after,
        Effects<TIdentity> effects
    );

    /// <summary>
    /// The steps since the last packet came are taken back, as if it had never come: an identity of the user threw
    /// when the packet was to be answered.
    /// </summary>
    void TakenBack();

    /// <summary>The instance goes on with other parameters.</summary>
    void ConfigChanged(SwimConfig config);
}
