using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

/// <summary>Every filter as its paper defines it: in double precision, with full sorts, from the options alone.</summary>
internal static class NaiveSampling
{
    /// <summary>The probability of each token; 0 for those that are left out.</summary>
    public static double[] Distribution(ReadOnlySpan<float> logits, SamplingOptions o)
    {
        List<(int Id, double Logit)> left = [];
        for (int id = 0; id < logits.Length; id++)
        {
            if (!float.IsNegativeInfinity(logits[id]))
                left.Add((id, logits[id]));
        }
        left = [.. left.OrderByDescending(t => t.Logit).ThenBy(t => t.Id)]; // every filter keeps the order
        double temperature = o.Temperature;
        if (o.TemperatureRange > 0 && logits.Length > 1)
        {
            double[] p = Softmax(left);
            double share = -p.Sum(x => x * Math.Log(x)) / Math.Log(logits.Length);
            double least = Math.Max(0, o.Temperature - o.TemperatureRange), most = (double)o.Temperature + o.TemperatureRange;
            temperature = least + (most - least) * Math.Pow(share, o.TemperatureExponent);
        }
        left = [.. left.Select(t => (t.Id, t.Logit / temperature))];
        if (o.TopNSigma > 0)
        {
            double mean = left.Average(t => t.Logit), sigma = Math.Sqrt(left.Average(t => Math.Pow(t.Logit - mean, 2)));
            left = [.. left.Where(t => t.Logit >= left[0].Logit - o.TopNSigma * sigma)];
        }
        if (o.TopK > 0)
            left = [.. left.Take(o.TopK)];
        if (o.TypicalP < 1)
        {
            double[] p = Softmax(left);
            double entropy = -p.Sum(x => x * Math.Log(x));
            var ranked = left.Select((t, i) => (Token: t, P: p[i], Distance: Math.Abs(-Math.Log(p[i]) - entropy)))
                .OrderBy(t => t.Distance).ThenBy(t => t.Token.Id).ToList();
            int count = Count([.. ranked.Select(t => t.P)], sum => sum > o.TypicalP, o.MinKeep);
            left = [.. ranked.Take(count).Select(t => t.Token).OrderByDescending(t => t.Logit).ThenBy(t => t.Id)];
        }
        if (o.TopP < 1)
            left = [.. left.Take(Count(Softmax(left), sum => sum >= o.TopP, o.MinKeep))];
        if (o.MinP > 0)
            left = [.. left.Where((t, i) => Math.Exp(t.Logit - left[0].Logit) >= o.MinP || i < o.MinKeep)];
        if (o.XtcProbability >= 1)
        {
            int reaching = Softmax(left).Count(p => p >= o.XtcThreshold);
            if (reaching > 1 && left.Count - reaching + 1 >= o.MinKeep)
                left = [.. left.Skip(reaching - 1)];
        }
        var distribution = new double[logits.Length];
        foreach (var (token, p) in left.Zip(Softmax(left)))
            distribution[token.Id] = p;
        return distribution;
    }

    public static double[] Softmax(List<(int Id, double Logit)> tokens)
    {
        double max = tokens.Max(t => t.Logit), sum = tokens.Sum(t => Math.Exp(t.Logit - max));
        return [.. tokens.Select(t => Math.Exp(t.Logit - max) / sum)];
    }

    private static int Count(double[] probabilities, Func<double, bool> enough, int minKeep)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            if (enough(sum) && i + 1 >= minKeep)
                return i + 1;
        }
        return probabilities.Length;
    }
}
