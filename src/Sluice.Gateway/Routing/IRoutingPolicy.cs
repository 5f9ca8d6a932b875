namespace Sluice.Gateway.Routing;

/// <summary>
/// Decides who answers. One object for each pool, called by many threads at a time; it must not block. Clocks and chance come from outside,
/// so that the same calls give the same choices.
/// </summary>
public interface IRoutingPolicy
{
    /// <summary>Chooses one of the candidates, of which there is at least one, and may remember that it did.</summary>
    /// <returns>Its index in <paramref name="candidates"/>.</returns>
    int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance);

    /// <summary>
    /// Whether this request may be what finds out if a member is well again, without a choice and before the others are looked at: not
    /// where it is meant for other members.
    /// </summary>
    bool MayProbe(RouteRequest request, in Candidate candidate) => true;
}
