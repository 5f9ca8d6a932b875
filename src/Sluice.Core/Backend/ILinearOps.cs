namespace Sluice.Core.Backend;

/// <summary>Products with packed weights.</summary>
public interface ILinearOps
{
    /// <summary>y[i, :] = table[tokens[i], :] decoded to F32.</summary>
    void Embed(Weight table, ReadOnlySpan<int> tokens, Tensor y);

    /// <summary>
    /// For each projection p: p.Output[r, :] = p.Weight · x[r, :] (+ p.Bias), r in [0, rows). All share one input, which is prepared (quantised) once.
    /// </summary>
    void Project(Tensor x, int rows, ReadOnlySpan<Projection> projections);

    /// <summary>
    /// Adds what adapters change of products that <see cref="Project"/> computed before from the same input. Each row's sum has one order,
    /// whatever other terms there are; no two terms may share a row of an output.
    /// </summary>
    void AddLowRank(Tensor x, ReadOnlySpan<LowRankTerm> terms);

    /// <summary>y[i, :] = x[rows[i], :]: only the rows whose logits somebody wants go through the output head.</summary>
    void Gather(Tensor x, ReadOnlySpan<int> rows, Tensor y);
}
