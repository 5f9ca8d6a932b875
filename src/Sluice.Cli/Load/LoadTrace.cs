namespace Sluice.Cli.Load;

/// <summary>Draws the requests of a load from its seed.</summary>
internal static class LoadTrace
{
    /// <summary>Requests without end, in order of arrival.</summary>
    /// <remarks>
    /// Arrivals and contents come from streams of their own: another rate gives the same requests at other times. The gaps of a Poisson
    /// process are exponential: -ln(1 - u) / rate for a uniform u.
    /// </remarks>
    public static IEnumerable<PlannedRequest> Draw(TraceSettings settings)
    {
        var arrivals = new Random(settings.Seed);
        var contents = new Random(unchecked(settings.Seed * 31 + 17));
        double seconds = 0;
        for (int index = 0; ; index++)
        {
            if (settings.Rate is { } rate)
                seconds += -Math.Log(1 - arrivals.NextDouble()) / rate;
            var (prompt, range) = settings.Prompt.Draw(contents);
            int output = settings.Output.Draw(contents).Tokens;
            int prefix = contents.Next(settings.Prefixes);
            yield return new PlannedRequest(index, TimeSpan.FromSeconds(seconds), prompt, range, output, prefix, contents.Next());
        }
    }
}
