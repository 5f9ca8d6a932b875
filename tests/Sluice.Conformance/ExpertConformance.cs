using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Cpu;

namespace Sluice.Conformance;

public class ExpertConformance
{
    private const int Hidden = 64, Dim = 96, Experts = 7;

    public static TheoryData<string, DType, int, bool> Kinds()
    {
        var data = new TheoryData<string, DType, int, bool>();
        foreach (var row in new KernelVariants())
            foreach (var type in new[] { DType.F32, DType.Q8_0 })
                foreach (var (used, renormalise) in new[] { (1, false), (2, true), (3, false), (7, true) })
                    data.Add(row, type, used, renormalise);
        return data;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Mix_AnyRouting_MatchesTheDefinition(string variant, DType type, int used, bool renormalise)
    {
        const int Rows = 9;
        using var rig = new Rig(variant, type, 2);
        float[] x = Samples.Floats(1, Rows * Hidden), logits = Samples.Floats(2, Rows * Experts, 3f);
        logits[3] = logits[5]; // a tie: the lower index wins
        float[] actual = rig.Mix(x, logits, new ExpertRouting(used, renormalise));
        double[] expected = rig.Naive(x, logits, used, renormalise);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= (type == DType.F32 ? 1e-5 : 2e-2) * scale, $"element {i}: {actual[i]} for {expected[i]}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Mix_RowAmongOthers_BitIdenticalToRowAlone(string variant, DType type, int used, bool renormalise)
    {
        const int Rows = 23;
        using var rig = new Rig(variant, type, 3);
        var routing = new ExpertRouting(used, renormalise);
        float[] x = Samples.Floats(1, Rows * Hidden), logits = Samples.Floats(2, Rows * Experts, 3f);
        float[] together = rig.Mix(x, logits, routing);
        for (int r = 0; r < Rows; r++)
        {
            float[] alone = rig.Mix(x.AsSpan(r * Hidden, Hidden).ToArray(), logits.AsSpan(r * Experts, Experts).ToArray(), routing);
            Assert.Equal(together.AsSpan(r * Hidden, Hidden).ToArray().Select(BitConverter.SingleToInt32Bits), alone.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Mix_LogitsNotNumbers_EndsAndLeavesOtherRowsAlone(string variant)
    {
        using var rig = new Rig(variant, DType.F32, 2);
        float[] x = Samples.Floats(1, 3 * Hidden), logits = Samples.Floats(2, 3 * Experts);
        float[] clean = rig.Mix(x, logits, new ExpertRouting(2, true));
        logits.AsSpan(Experts, Experts).Fill(float.NaN);
        float[] dirty = rig.Mix(x, logits, new ExpertRouting(2, true));
        Assert.Equal(clean[..Hidden], dirty[..Hidden]);
        Assert.Equal(clean[(2 * Hidden)..], dirty[(2 * Hidden)..]);
    }

    private sealed class Rig : IDisposable
    {
        private readonly DType _type;
        private readonly CpuDevice _device;
        private readonly IBackend _backend;
        private readonly NativeBuffer[] _stored;
        private readonly ExpertWeights _weights;

        public Rig(string variant, DType type, int threads)
        {
            _type = type;
            _device = new CpuDevice(new CpuDeviceOptions { Threads = threads, Kernels = variant });
            _backend = _device.CreateBackend();
            _stored = [.. Enumerable.Range(0, 3 * Experts).Select(i => Samples.Stored(i, type, Hidden, Dim))];
            _weights = new ExpertWeights(Load(0, Dim, Hidden), Load(1, Dim, Hidden), Load(2, Hidden, Dim));
        }

        public float[] Mix(float[] x, float[] logits, ExpertRouting routing)
        {
            int rows = x.Length / Hidden;
            using var tx = Samples.Upload(_backend, x, Hidden);
            using var tl = Samples.Upload(_backend, logits, Experts);
            using var y = _backend.Memory.Allocate(rows, Hidden);
            _backend.Experts.Mix(tx, rows, tl, routing, _weights, y);
            return Samples.Download(_backend, y, rows);
        }

        public double[] Naive(float[] x, float[] logits, int used, bool renormalise)
        {
            int rows = x.Length / Hidden;
            var y = new double[x.Length];
            for (int r = 0; r < rows; r++)
            {
                double[] row = [.. x.Skip(r * Hidden).Take(Hidden)];
                double[] p = [.. logits.Skip(r * Experts).Take(Experts).Select(l => Math.Exp(l))];
                double sum = p.Sum();
                int[] best = [.. Enumerable.Range(0, Experts).OrderByDescending(e => p[e]).ThenBy(e => e).Take(used)];
                double share = renormalise ? best.Sum(e => p[e]) : sum;
                foreach (int e in best)
                {
                    double[] gate = NaiveLinear.Multiply(Decoded(0, e), row, 1, Hidden, Dim);
                    double[] up = NaiveLinear.Multiply(Decoded(1, e), row, 1, Hidden, Dim);
                    double[] act = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
                    double[] down = NaiveLinear.Multiply(Decoded(2, e), act, 1, Dim, Hidden);
                    for (int i = 0; i < Hidden; i++)
                        y[r * Hidden + i] += p[e] / share * down[i];
                }
            }
            return y;
        }

        public void Dispose()
        {
            foreach (var buffer in _stored)
                buffer.Dispose();
            _backend.Dispose();
            _device.Dispose();
        }

        private Weight[] Load(int kind, int rows, int cols)
        {
            Weight[] weights =
                [.. Enumerable.Range(0, Experts).Select(e => _backend.Memory.LoadMatrix(Samples.View(_stored[kind * Experts + e], _type, rows, cols)))];
            _backend.Memory.FinishLoading();
            return weights;
        }

        private double[] Decoded(int kind, int expert) => NaiveFormats.Decode(_type, _stored[kind * Experts + expert].AsSpan<byte>(), Hidden * Dim);
    }
}
