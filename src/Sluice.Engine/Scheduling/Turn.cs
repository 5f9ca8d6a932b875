namespace Sluice.Engine.Scheduling;

/// <summary>
/// Whose turn comes first: the earliest, where each level of priority counts as so many steps of having come earlier. So a request is
/// overtaken only by those that come within its handicap after it, and the order of two requests never changes while they wait.
/// </summary>
/// <param name="Rank">Step of arrival, less the head start of its priority; lower goes first.</param>
/// <param name="Number">Order of arrival, for equals.</param>
internal readonly record struct Turn(long Rank, long Number) : IComparable<Turn>
{
    /// <summary>Priorities reach from minus this to this.</summary>
    public const int MaxPriority = 8;

    /// <summary>Steps that one level of priority is worth: a few seconds of a busy engine.</summary>
    public const int StepsPerPriority = 100;

    public static Turn Of(int priority, long arrived, long number) => new(arrived - (long)priority * StepsPerPriority, number);

    /// <summary>The priority that it has by now, with what waiting added to it.</summary>
    public long AgedPriority(long step) => (long)Math.Floor((double)(step - Rank) / StepsPerPriority);

    public int CompareTo(Turn other) => Rank != other.Rank ? Rank.CompareTo(other.Rank) : Number.CompareTo(other.Number);
}
