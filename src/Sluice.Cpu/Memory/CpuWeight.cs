using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Memory;

/// <summary>
/// A weight matrix with the kernel that its type chose. Where that kernel wants it packed, it is computed from the stored rows by another one,
/// with the same bits, until it is.
/// </summary>
internal sealed class CpuWeight : Weight
{
    private readonly WeightPacker? _packer;
    private PackedWeight? _arrived; // handed over by the packer, adopted by the thread that computes
    private WeightStretch? _memory;

    /// <param name="view">The stored rows, borrowed.</param>
    /// <param name="packer">Who will pack them; null where they are read as they are stored.</param>
    public CpuWeight(TensorView view, MatrixKernel kernel, WeightPacker? packer) : base(view.Type, (int)view.Rows, (int)view.Cols)
    {
        View = view;
        Kernel = kernel;
        Matrix = new StoredMatrix(view);
        _packer = packer;
    }

    public TensorView View { get; }

    public StoredMatrix Matrix { get; private set; }

    public MatrixKernel Kernel { get; private set; }

    public static CpuWeight Of(Weight weight) => weight as CpuWeight ??
        throw new ArgumentException($"a {weight.GetType().Name} is no matrix that the CPU backend loaded for products", nameof(weight));

    /// <summary>The weight before a product: from now on in packed form, where that has become ready.</summary>
    public static CpuWeight Newest(Weight weight)
    {
        var own = Of(weight);
        if (Interlocked.Exchange(ref own._arrived, null) is { } packed)
            (own.Kernel, own.Matrix) = (packed.Kernel, packed.Matrix);
        return own;
    }

    /// <summary>Called by the packer, from its thread.</summary>
    public void HandOver(PackedWeight packed)
    {
        _memory = packed.Memory;
        Volatile.Write(ref _arrived, packed);
    }

    public override void Dispose()
    {
        _packer?.Forget(this);
        _memory?.Release();
    }
}
