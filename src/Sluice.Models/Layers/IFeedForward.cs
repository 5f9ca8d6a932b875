namespace Sluice.Models.Layers;

/// <summary>The second half of a layer: dense, or a mixture of experts.</summary>
internal interface IFeedForward : IDisposable
{
    /// <summary>buffers.Delta = feed-forward of buffers.Normed, over the leading <paramref name="rows"/> rows.</summary>
    void Forward(int rows, DecoderBuffers buffers);
}
