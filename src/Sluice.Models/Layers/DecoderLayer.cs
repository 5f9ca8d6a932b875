using Sluice.Core.Backend;

namespace Sluice.Models.Layers;

/// <summary>One pre-norm layer: x += attention(norm(x)); x += feed-forward(norm(x)).</summary>
internal sealed record DecoderLayer(Tensor AttentionNorm, SelfAttention Attention, Tensor FeedForwardNorm, IFeedForward FeedForward) : IDisposable
{
    public void Dispose()
    {
        AttentionNorm.Dispose();
        Attention.Dispose();
        FeedForwardNorm.Dispose();
        FeedForward.Dispose();
    }
}
