namespace Sluice.Golden;

/// <summary>How far two sets of logits are apart, in double precision.</summary>
internal static class Distributions
{
    public static double[] LogSoftmax(float[] logits)
    {
        double max = logits.Max(), sum = logits.Sum(l => Math.Exp(l - max));
        return [.. logits.Select(l => l - max - Math.Log(sum))];
    }

    /// <summary>Largest difference of a log-probability over all positions.</summary>
    public static double MaxDifference(float[][] a, float[][] b)
    {
        Assert.Equal(a.Length, b.Length);
        return a.Zip(b).Max(rows => LogSoftmax(rows.First).Zip(LogSoftmax(rows.Second)).Max(p => Math.Abs(p.First - p.Second)));
    }

    /// <summary>Kullback-Leibler divergence of <paramref name="model"/> from <paramref name="truth"/>, mean over positions.</summary>
    public static double MeanKl(float[][] truth, float[][] model)
    {
        Assert.Equal(truth.Length, model.Length);
        return truth.Zip(model).Average(rows =>
            LogSoftmax(rows.First).Zip(LogSoftmax(rows.Second)).Sum(p => Math.Exp(p.First) * (p.First - p.Second)));
    }
}
