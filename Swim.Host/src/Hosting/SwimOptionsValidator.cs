using Microsoft.Extensions.Options;

namespace Swim.Host;

/// <summary>Makes all checks of a node on the options of one cluster, when the host starts.</summary>
internal sealed class SwimOptionsValidator(string cluster) : IValidateOptions<SwimOptions>
{
    public ValidateOptionsResult Validate(string? name, SwimOptions options)
    {
        if (name != cluster)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.ToNodeOptions();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            var whose = cluster.Length == 0 ? "Swim" : $"Swim '{cluster}'";
            return ValidateOptionsResult.Fail($"{whose}: {exception.Message}");
        }
    }
}
