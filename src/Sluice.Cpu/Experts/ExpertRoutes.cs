using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Experts;

/// <summary>
/// Which experts each row of a step goes to. Slots are (row, rank) pairs sorted by expert, rows ascending, so that an expert's inputs lie together;
/// all buffers are kept between steps.
/// </summary>
internal sealed class ExpertRoutes
{
    private int[] _expert = [];
    private float[] _weight = [];
    private int[] _slot = [];
    private int[] _row = [];
    private int[] _first = [];
    private double[] _probability = [];
    private int _used;

    public int Slots { get; private set; }

    /// <summary>First slot of an expert; that of the next one ends it.</summary>
    public int First(int expert) => _first[expert];

    public int RowOf(int slot) => _row[slot];

    public int SlotOf(int row, int rank) => _slot[row * _used + rank];

    public float Weight(int row, int rank) => _weight[row * _used + rank];

    public void Choose(CpuTensor logits, int rows, ExpertRouting routing)
    {
        int experts = logits.Cols;
        if (routing.Used < 1 || routing.Used > experts)
            throw new SluiceException($"{routing.Used} experts per token out of {experts}: the model's expert counts disagree");
        _used = routing.Used;
        Slots = rows * _used;
        Reserve(ref _expert, Slots);
        Reserve(ref _weight, Slots);
        Reserve(ref _slot, Slots);
        Reserve(ref _row, Slots);
        Reserve(ref _first, experts + 1);
        Reserve(ref _probability, experts);
        for (int r = 0; r < rows; r++)
            ChooseFor(logits.Span(r), r * _used, routing.Renormalise);
        SortByExpert(experts);
    }

    private void ChooseFor(ReadOnlySpan<float> logits, int at, bool renormalise)
    {
        var probability = _probability.AsSpan(0, logits.Length);
        double max = double.NegativeInfinity;
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        double sum = 0;
        for (int e = 0; e < logits.Length; e++)
            sum += probability[e] = Math.Exp(logits[e] - max);

        double chosen = 0;
        for (int rank = 0; rank < _used; rank++)
        {
            // Not a number compares as never greater: then the lowest index that is left is taken.
            int best = -1;
            for (int e = 0; e < probability.Length; e++)
            {
                if (probability[e] != -1 && (best < 0 || probability[e] > probability[best]))
                    best = e;
            }
            _expert[at + rank] = best;
            _weight[at + rank] = (float)(probability[best] / sum);
            chosen += probability[best] / sum;
            probability[best] = -1; // taken
        }
        if (!renormalise)
            return;
        for (int rank = 0; rank < _used; rank++)
            _weight[at + rank] = (float)(_weight[at + rank] / chosen);
    }

    private void SortByExpert(int experts)
    {
        Span<int> first = _first.AsSpan(0, experts + 1);
        first.Clear();
        for (int i = 0; i < Slots; i++)
            first[_expert[i] + 1]++;
        for (int e = 0; e < experts; e++)
            first[e + 1] += first[e];
        // Filling moves each expert's first slot to its end, which is where the next one's stood.
        for (int i = 0; i < Slots; i++)
        {
            int slot = first[_expert[i]]++;
            _slot[i] = slot;
            _row[slot] = i / _used;
        }
        for (int e = experts; e > 0; e--)
            first[e] = first[e - 1];
        first[0] = 0;
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[Math.Max(length, 2 * array.Length)];
    }
}
