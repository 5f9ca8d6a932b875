namespace Sluice.Core.Backend;

/// <summary>A mixture of experts as one operation: routing values never leave the backend.</summary>
public interface IExpertOps
{
    /// <summary>
    /// y[r, :] = Σ over the chosen experts e of w(r, e) · down[e] · (silu(gate[e] · x[r, :]) · (up[e] · x[r, :])).
    /// </summary>
    /// <param name="routerLogits">rows x experts.</param>
    /// <param name="routing">How experts are chosen and weighted.</param>
    void Mix(Tensor x, int rows, Tensor routerLogits, ExpertRouting routing, ExpertWeights weights, Tensor y);
}
