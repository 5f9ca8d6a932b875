namespace Sluice.Engine.Sampling;

/// <summary>What ends a repetition for DRY.</summary>
/// <param name="Tokens">Tokens that do so alone; they are never punished either.</param>
/// <param name="Sequences">Sequences of several tokens that do.</param>
public sealed record DryBreakers(IReadOnlySet<int> Tokens, IReadOnlyList<int[]> Sequences)
{
    public static DryBreakers None { get; } = new(new HashSet<int>(), []);
}
