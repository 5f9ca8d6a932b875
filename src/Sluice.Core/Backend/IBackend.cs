namespace Sluice.Core.Backend;

/// <summary>
/// What a model is written over. One backend object belongs to one model; all of them share their <see cref="IComputeDevice"/>.
/// Operations are called from one thread at a time, the engine's, and have finished or are ordered when the next one is called. Disposing a
/// backend frees whatever was made through it and not disposed before.
/// </summary>
/// <remarks>
/// The numerics contract: each weight format has one order of summation per kernel variant, the same for one row and for many, and attention is split at fixed
/// absolute positions. So the numbers of a row never depend on which other rows are in the step or on the number of threads.
/// </remarks>
public interface IBackend : IDisposable
{
    string Name { get; }

    IMemoryOps Memory { get; }

    ILinearOps Linear { get; }

    IElementwiseOps Elementwise { get; }

    IAttentionOps Attention { get; }

    IExpertOps Experts { get; }
}
