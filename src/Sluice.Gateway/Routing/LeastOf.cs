namespace Sluice.Gateway.Routing;

/// <summary>Finds the candidate that costs least; among equals chance decides, so that nobody is preferred for being first.</summary>
internal static class LeastOf
{
    public static int Load(ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        var least = new LeastSoFar(chance);
        for (int i = 0; i < candidates.Length; i++)
            least.Offer(i, candidates[i].Load);
        return least.Index;
    }

    /// <summary>By load, among those that have a tag; -1 where none has it.</summary>
    public static int LoadTagged(ReadOnlySpan<Candidate> candidates, string tag, Chance chance)
    {
        var least = new LeastSoFar(chance);
        for (int i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Tags.Contains(tag))
                least.Offer(i, candidates[i].Load);
        }
        return least.Index;
    }
}
