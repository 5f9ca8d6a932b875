using System.Runtime.Intrinsics;
using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Cpu.Attention;
using Sluice.Cpu.Emit;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Packed;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Dispatch;

/// <summary>
/// The one place where a weight's type becomes code: for each format its candidates, fastest first. The choice is made once, when a weight is
/// loaded; a new format is one line here.
/// </summary>
internal sealed class KernelTable
{
    private static readonly Dictionary<DType, KernelCandidate[]> Candidates = new()
    {
        [DType.F32] = Floats<F32>(),
        [DType.F16] = Floats<F16>(),
        [DType.BF16] =
        [
            .. Floats<BF16>(),
            new(KernelVariant.Avx512BF16, () => new BFloatKernel(), "twice as fast, but rounds activations: only where it is asked for by name"),
        ],
        [DType.Q8_0] =
        [
            new(KernelVariant.Avx512Vnni, () => new PackedKernel<PackedBlocks<Q8_0.Packed>>(), "one instruction for 64 products, of weights packed once"),
            new(KernelVariant.AvxVnni, () => new BlockKernel<Q8_0.VnniRow<AvxVnniDot>, Q8_0.VnniPanel<AvxVnniDot>, ByteQuads, Lanes256, Vector256<float>>(),
                "one instruction for 32 products, where words take two for 32 at any width"),
            new(KernelVariant.Avx512, () => new BlockKernel<Q8_0.Avx2Row, Q8_0.Avx512Panel, WordPairs, Lanes512, Vector512<float>>(),
                "products of words twice as wide; single rows as AVX2, which reads at the memory's rate"),
            new(KernelVariant.Avx2, () => new BlockKernel<Q8_0.Avx2Row, Q8_0.Avx2Panel, WordPairs, Lanes256, Vector256<float>>(), "products of words"),
            new(KernelVariant.Scalar, () => new Q8_0.ScalarKernel(), "reference"),
        ],
        [DType.Q4_0] =
        [
            new(KernelVariant.Avx512Vnni, () => new PackedKernel<PackedBlocks<Q4_0.Packed>>(), "one instruction for 64 products, of weights packed once"),
            new(KernelVariant.Avx512, () => new BlockKernel<Q4_0.Avx2Row, Q4_0.Avx512Panel, NibbleQuads, Lanes512, Vector512<float>>(),
                "products of bytes twice as wide; single rows as AVX2, which reads at the memory's rate"),
            new(KernelVariant.Avx2, () => new BlockKernel<Q4_0.Avx2Row, Q4_0.Avx2Panel, NibbleQuads, Lanes256, Vector256<float>>(), "products of bytes"),
            new(KernelVariant.Scalar, () => new Q4_0.ScalarKernel(), "reference"),
        ],
        [DType.Q4_K] = SuperBlocks<Q4_K>(),
        [DType.Q5_K] = SuperBlocks<Q5_K>(),
        [DType.Q6_K] = SuperBlocks<Q6_K>(),
    };

    private static readonly Dictionary<DType, KvCandidate[]> KvCandidates = new()
    {
        [DType.F32] = FloatKv<SingleKv>(),
        [DType.F16] = FloatKv<HalfKv>(),
        [DType.Q8_0] = WordKv<ByteKv>(),
        [DType.Q4_0] = WordKv<NibbleKv>(),
    };

    private static readonly InputForm Super256 = new SuperForm<Lanes256, Vector256<float>>(2, 4, 2);
    private static readonly InputForm Super512 = new SuperForm<Lanes512, Vector512<float>>(2, 8, 4);

    private readonly Dictionary<DType, MatrixKernel> _chosen = [];
    private readonly Dictionary<DType, MatrixKernel> _chosenInPlace = [];
    private readonly Dictionary<DType, KernelVariant> _variants = [];
    private readonly Dictionary<DType, AttentionKernel> _chosenKv = [];

    /// <param name="forced">Use this variant where a format has it, else the fastest the processor runs among those below it.</param>
    public KernelTable(KernelVariant? forced)
    {
        foreach (var (type, candidates) in Candidates)
        {
            var candidate = Choose(candidates, c => c.Variant, forced);
            _chosen[type] = candidate.Create();
            _chosenInPlace[type] = _chosen[type].Layout is null ? _chosen[type] : Choose(candidates[1..], c => c.Variant, forced).Create();
            _variants[type] = candidate.Variant;
            Greatest = (KernelVariant)Math.Max((int)Greatest, (int)candidate.Variant);
        }
        foreach (var (type, candidates) in KvCandidates)
            _chosenKv[type] = Choose(candidates, c => c.Variant, forced).Create();
    }

    /// <summary>The greatest variant among those chosen.</summary>
    public KernelVariant Greatest { get; }

    /// <summary>The variant chosen for a weight format; null where there is no kernel for it.</summary>
    public KernelVariant? VariantFor(DType type) => _variants.TryGetValue(type, out var variant) ? variant : null;

    public static IEnumerable<DType> Types => Candidates.Keys.Order();

    /// <exception cref="SluiceException">There is no kernel for the type.</exception>
    public MatrixKernel For(DType type) => _chosen.TryGetValue(type, out var kernel) ? kernel : throw new SluiceException(
        $"the CPU backend has no kernel for weights of type {type}; it computes {string.Join(", ", Types)}: convert the model to one of them");

    /// <summary>
    /// The kernel that computes the same bits from rows as they are stored, until they are packed for the one that <see cref="For"/> gives; that
    /// one itself where nothing is to be packed.
    /// </summary>
    public MatrixKernel InPlace(DType type) => _chosenInPlace[type];

    /// <exception cref="SluiceException">KV cannot be stored in the type.</exception>
    public AttentionKernel ForKv(DType type) => _chosenKv.TryGetValue(type, out var kernel) ? kernel : throw new SluiceException(
        $"the CPU backend does not store KV as {type}; it can as {string.Join(", ", KvCandidates.Keys.Order())}");

    /// <summary>The forced variant where there is one, else the first candidate that runs here and is not beyond it.</summary>
    private static T Choose<T>(T[] candidates, Func<T, KernelVariant> variant, KernelVariant? forced)
    {
        var runs = candidates.Where(c => InstructionSets.IsSupported(variant(c)) && (forced is not { } most || variant(c) <= most));
        return runs.OrderByDescending(c => variant(c) == forced).First(); // a stable sort: otherwise the table's order
    }

    private static KernelCandidate[] Floats<F>() where F : IStoredFloat =>
    [
        new(KernelVariant.Avx512, () => new FloatKernel<F, Lanes512, Vector512<float>>(), "twice the lanes, 32 registers for 4 x 4 tiles"),
        new(KernelVariant.Avx2, () => new FloatKernel<F, Lanes256, Vector256<float>>(), "eight lanes"),
        new(KernelVariant.Scalar, () => new FloatKernel<F, Lanes1, float>(), "reference"),
    ];

    private static KernelCandidate[] SuperBlocks<F>() where F : ISuperRow, ISuperPanel, IPackedSuper =>
    [
        new(KernelVariant.Avx512Vnni, () => new PackedKernel<PackedSuperBlocks<F>>(), "one instruction for 64 products, of weights packed once"),
        new(KernelVariant.Avx512, () => new SuperBlockKernel<F, SuperPanelProduct<F, SuperLanes512, Vector512<int>>>(Super512),
            "products of bytes twice as wide; single rows as AVX2, which is faster there"),
        new(KernelVariant.Avx2, () => new SuperBlockKernel<F, SuperPanelProduct<F, SuperLanes256, Vector256<int>>>(Super256), "products of bytes"),
        new(KernelVariant.Scalar, () => new SuperScalarKernel<F>(), "reference"),
    ];

    private static KvCandidate[] FloatKv<E>() where E : IKvFloat =>
    [
        new(KernelVariant.Avx512, () => new FloatAttention<E, Lanes512, Vector512<float>>(), "sixteen tokens or dims at once"),
        new(KernelVariant.Avx2, () => new FloatAttention<E, Lanes256, Vector256<float>>(), "eight"),
        new(KernelVariant.Scalar, () => new FloatAttention<E, Lanes1, float>(), "reference"),
    ];

    private static KvCandidate[] WordKv<E>() where E : IKvWords =>
    [
        new(KernelVariant.Avx512Vnni, () => new WordAttention<E, Words512, Vector512<int>, Lanes512, Vector512<float>>(emitted: true), "a product and its sum in one instruction"),
        new(KernelVariant.Avx512, () => new WordAttention<E, Words512, Vector512<int>, Lanes512, Vector512<float>>(), "sixteen tokens or dims at once"),
        new(KernelVariant.Avx2, () => new WordAttention<E, Words256, Vector256<int>, Lanes256, Vector256<float>>(), "eight"),
        new(KernelVariant.Scalar, () => new WordAttention<E, Words1, int, Lanes1, float>(), "reference"),
    ];
}
