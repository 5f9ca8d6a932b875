namespace Sluice.Cli.Load;

/// <summary>
/// When tokens arrived. A server may send several at once or keep some back, so each piece of an answer counts for an
/// equal share of its tokens.
/// </summary>
internal static class TokenFlow
{
    public static IEnumerable<(TimeSpan At, double Tokens)> Of(IEnumerable<MeasuredRequest> requests) =>
        from request in requests
        from at in request.Pieces
        select (at, (double)request.OutputTokens / request.Pieces.Count);

    /// <summary>Tokens per second in each of <paramref name="bins"/> equal stretches of time from 0 to <paramref name="end"/>.</summary>
    public static double[] PerSecond(IEnumerable<MeasuredRequest> requests, TimeSpan end, int bins)
    {
        var flow = new double[bins];
        foreach (var (at, tokens) in Of(requests).Where(piece => piece.At <= end))
            flow[Math.Min(bins - 1, (int)(at / end * bins))] += tokens;
        return [.. flow.Select(tokens => tokens / (end.TotalSeconds / bins))];
    }

    /// <summary>Requests sent and not ended, at the middle of each of those stretches.</summary>
    public static double[] InFlight(IReadOnlyList<MeasuredRequest> requests, TimeSpan end, int bins)
    {
        var changes = new double[bins + 1];
        foreach (MeasuredRequest request in requests)
        {
            changes[BinAfter(request.Due)]++;
            changes[BinAfter(request.Ended)]--;
        }
        double running = 0;
        return [.. changes.Take(bins).Select(change => running += change)];

        int BinAfter(TimeSpan time) => Math.Clamp((int)Math.Ceiling(time / end * bins - 0.5), 0, bins);
    }
}
