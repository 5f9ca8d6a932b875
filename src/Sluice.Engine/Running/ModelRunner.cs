using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Engine.Kv;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Running;

/// <summary>Runs step batches on a model: owns its activations and its KV stores, and nothing of who asked. For one thread.</summary>
internal sealed class ModelRunner : IBlockBytes, IDisposable
{
    private readonly ILanguageModel _model;
    private readonly IComputeDevice _device;
    private readonly IBackend _backend;
    private readonly ForwardBuffers _buffers;
    private readonly KvStore[] _kv;
    private readonly byte[]?[] _copied; // working memory of each group, once a block of it was copied

    /// <param name="blocks">Blocks of each KV group.</param>
    public ModelRunner(ILanguageModel model, IComputeDevice device, IBackend backend, ReadOnlySpan<KvGroupSpec> groups,
        ReadOnlySpan<int> blocks,
        int maxRows, int maxOutputs)
    {
        _model = model;
        _device = device;
        _backend = backend;
        _buffers = model.AllocateBuffers(maxRows, maxOutputs);
        _kv = new KvStore[groups.Length];
        _copied = new byte[]?[groups.Length];
        try
        {
            for (int g = 0; g < _kv.Length; g++)
                _kv[g] = backend.Attention.AllocateKv(g, groups[g], blocks[g]);
        }
        catch
        {
            Dispose(); // the model lives on, and what was leased so far would stay leased with it
            throw;
        }
    }

    /// <summary>Computes a batch when the device is this model's; false where <paramref name="control"/> gave it up on the way.</summary>
    public bool Run(StepBatch batch, IStepControl control)
    {
        using var turn = _device.EnterStep();
        _model.Embed(batch, _buffers);
        if (!_model.Forward(new LayerRange(0, _model.Config.Layers), batch, _kv, _buffers, control))
            return false;
        _model.Logits(batch, _buffers);
        if (batch.WantsHidden)
            _model.Normalise(batch, _buffers);
        return true;
    }

    /// <summary>Copies the logits of the batch's output row <paramref name="index"/>.</summary>
    public void ReadLogits(int index, Span<float> logits) => _backend.Memory.Read(_buffers.Logits, index, logits);

    /// <summary>Copies the normed hidden state of a row of a batch that wants them.</summary>
    public void ReadHidden(int row, Span<float> hidden) => _backend.Memory.Read(_buffers.Hidden, row, hidden);

    public void SaveBlock(int group, int block, Span<byte> bytes) => _backend.Attention.SaveBlock(_kv[group], block, bytes);

    public void LoadBlock(int group, int block, ReadOnlySpan<byte> bytes) => _backend.Attention.LoadBlock(_kv[group], block, bytes);

    /// <summary>Copies what a block of a group holds, in all its layers, into another.</summary>
    public void CopyBlock(int group, int from, int to)
    {
        var bytes = _copied[group] ??= new byte[_backend.Attention.BlockBytes(_kv[group].Spec)];
        SaveBlock(group, from, bytes);
        LoadBlock(group, to, bytes);
    }

    public void Dispose()
    {
        _buffers.Dispose();
        foreach (KvStore? store in _kv)
            store?.Dispose(); // null where the memory for it was refused
    }
}
