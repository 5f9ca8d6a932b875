using Sluice.Core.Backend;

namespace Sluice.Models.Layers;

/// <summary>SwiGLU: down · (silu(gate · x) · (up · x)) (Shazeer 2020).</summary>
internal sealed class DenseFeedForward(ColumnLinear gate, ColumnLinear up, RowLinear down, IBackend backend) : IFeedForward
{
    public void Forward(int rows, DecoderBuffers buffers)
    {
        backend.Linear.Project(buffers.Normed, rows, [gate.Into(buffers.Gate!), up.Into(buffers.Up!)]);
        buffers.Adapted.AddTo(buffers.Normed, [gate.Adapted(buffers.Gate!), up.Adapted(buffers.Up!)]);
        backend.Elementwise.SwiGlu(buffers.Gate!, buffers.Up!, rows, buffers.Gate!);
        down.Forward(buffers.Gate!, rows, buffers.Delta, buffers.Adapted);
    }

    public void Dispose()
    {
        gate.Dispose();
        up.Dispose();
        down.Dispose();
    }
}
