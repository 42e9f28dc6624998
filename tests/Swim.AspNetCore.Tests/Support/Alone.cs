namespace Swim.AspNetCore.Tests.Support;

/// <summary>Tests that start processes and browsers: one after the other, and nothing beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
