namespace Sluice.Http.Demo;

/// <summary>Tests that compute: one after the other, after those that watch the clock.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealModels
{
    public const string Name = "real models";
}
