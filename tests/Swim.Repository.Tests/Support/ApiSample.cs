namespace Swim.Repository.Tests.Support;

/// <summary>Has a public member of every kind, and some that are not: the text of an API has to know them.</summary>
public abstract class ApiSample<T> : IDisposable
{
    public const int Limit = 7;

    protected ApiSample(int count) => HiddenCount = count;

    public string[] Names { get; } = [];

    internal int HiddenCount { get; }

    public static int? Pick<U>(in T from, U to) => HiddenEquals(from, to) ? 1 : null;

    public void Dispose() => GC.SuppressFinalize(this);

    private static bool HiddenEquals(object? one, object? other) => Equals(one, other);
}
