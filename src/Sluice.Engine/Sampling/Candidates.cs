using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sluice.Engine.Sampling;

/// <summary>
/// The tokens that may still be drawn, with their logits. At first the whole row of the vocabulary, where a token's id is its index; from
/// the first filter on a list of those that are left, by rising id. Probabilities are made only where a filter asks for them. A token whose
/// logit is minus infinity is none. Its arrays are reused; for one thread.
/// </summary>
internal sealed class Candidates
{
    private const int Lanes = LogitVectors.Lanes;
    private const int Chunk = LogitVectors.Chunk;

    private readonly int _vocabulary;
    private readonly float[] _row;
    private readonly int[] _ids;
    private readonly float[] _logits;
    private readonly float[] _weights;
    private readonly float[] _keys;
    private readonly double[] _masses;
    private readonly MassSearch _search;
    private bool _whole;

    public Candidates(int vocabulary)
    {
        int padded = LogitVectors.Padded(vocabulary);
        _vocabulary = vocabulary;
        _row = new float[padded];
        _row.AsSpan(vocabulary).Fill(float.NegativeInfinity);
        _ids = new int[padded];
        _logits = new float[padded];
        _weights = new float[padded];
        _keys = new float[padded];
        _masses = new double[(padded + Chunk - 1) / Chunk];
        _search = new MassSearch(padded);
    }

    /// <summary>Every token's logit, to be filled before <see cref="TryBegin"/>.</summary>
    public Span<float> Row => _row.AsSpan(0, _vocabulary);

    public int Vocabulary => _vocabulary;

    /// <summary>Tokens left, impossible ones among them that no filter has met yet.</summary>
    public int Count { get; private set; }

    /// <summary>The largest logit.</summary>
    public float Max { get; private set; }

    /// <summary>What logits are divided by before they become probabilities.</summary>
    public float Temperature { get; set; }

    /// <summary>
    /// Whether the draw goes from the most likely token down, and not by id: which token a random number means, nothing else.
    /// </summary>
    public bool HeaviestFirst { get; set; }

    /// <summary>Logits, padded with minus infinity to whole vectors.</summary>
    public ReadOnlySpan<float> Logits => (_whole ? _row : _logits).AsSpan(0, LogitVectors.Padded(Count));

    /// <summary>Weights of the last <see cref="Weigh"/>, as long as <see cref="Logits"/>.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, LogitVectors.Padded(Count));

    /// <summary>Starts over with the whole row; false where that holds NaN or plus infinity, or allows no token.</summary>
    public bool TryBegin()
    {
        _whole = true;
        Count = _vocabulary;
        Temperature = 1;
        HeaviestFirst = false;
        return TryFindMax();
    }

    /// <summary>The most likely token, of equals the lowest id.</summary>
    public int Best() => IdAt(LogitVectors.IndexOf(Logits, Max));

    public int IdAt(int index) => _whole ? index : _ids[index];

    /// <summary>Sets each weight to its probability relative to the most likely token's; returns their sum.</summary>
    public double Weigh() => LogitVectors.Weigh(Logits, _weights, _masses, Max, Temperature);

    /// <summary>The mean of (max - logit) / temperature under the weights, which gives the entropy: ln(total) + mean.</summary>
    /// <param name="total">What <see cref="Weigh"/> returned just before.</param>
    public double MeanExponent(double total) => LogitVectors.WeighedDistance(Logits, Weights, Max) / Temperature / total;

    /// <summary>Where the most likely tokens end whose weights together exceed <paramref name="target"/>.</summary>
    public Cut Heaviest(double target) => _search.Find(Logits, Weights, Max, Temperature, target);

    /// <inheritdoc cref="MassSearch.Find"/>
    public Cut Heaviest(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float highest, double target) =>
        _search.Find(keys, weights, highest, spread: 1, target);

    /// <summary>Where the <paramref name="count"/> most likely tokens end.</summary>
    public Cut First(int count) => _search.Find(Logits, [], Max, spread: 1, count - 1);

    /// <summary>Logits of the most likely tokens, falling; returns how many there are.</summary>
    public int CopyBest(Span<float> best)
    {
        var logits = Logits;
        var cut = First(best.Length);
        int count = 0, ties = cut.Ties;
        for (int i = 0; i < logits.Length; i++)
        {
            if (logits[i] > cut.Key || (logits[i] == cut.Key && ties-- > 0))
                best[count++] = logits[i];
        }
        best[..count].Sort(static (a, b) => b.CompareTo(a));
        return count;
    }

    /// <summary>How many tokens have at least a weight, and the least logit of those.</summary>
    public int CountHeavier(double weight, out float logit) =>
        LogitVectors.CountHeavier(Logits, Weights, Math.Max((float)weight, float.Epsilon), out logit); // what is none weighs 0

    /// <summary>
    /// For each of <see cref="Logits"/> how near its (max - logit) / temperature is to <paramref name="exponent"/>: 0 or less.
    /// </summary>
    /// <param name="highest">The nearest.</param>
    public ReadOnlySpan<float> NearestTo(float exponent, out float highest)
    {
        highest = LogitVectors.Nearness(Logits, _keys, Max, Temperature, exponent);
        return _keys.AsSpan(0, LogitVectors.Padded(Count));
    }

    /// <summary>Keeps the tokens at or above a logit.</summary>
    public void KeepAtLeast(float logit) => Keep(Logits, new Cut(logit, int.MaxValue));

    /// <summary>Keeps the <paramref name="count"/> most likely, of equals the lowest ids.</summary>
    public void KeepBest(int count)
    {
        if (count < Count)
            Keep(Logits, First(count));
    }

    /// <summary>Keeps those whose key lies before a cut.</summary>
    /// <param name="keys">One for each of <see cref="Logits"/>.</param>
    public void Keep(ReadOnlySpan<float> keys, Cut cut)
    {
        var allKeys = MemoryMarshal.Cast<float, Vector512<float>>(keys);
        var logits = MemoryMarshal.Cast<float, Vector512<float>>(Logits);
        var ids = MemoryMarshal.Cast<int, Vector512<int>>(_ids.AsSpan());
        var last = Vector512.Create(cut.Key);
        int kept = 0, ties = cut.Ties;
        for (int v = 0; v < allKeys.Length; v++)
        {
            var stays = Vector512.GreaterThanOrEqual(allKeys[v], last);
            if (stays.AsInt32() == Vector512<int>.Zero)
                continue;
            int tied = BitOperations.PopCount(Vector512.Equals(allKeys[v], last).ExtractMostSignificantBits());
            if (tied > ties)
                stays = WithoutTies(allKeys[v], cut.Key, ties);
            ties -= Math.Min(tied, ties);
            // Both are read before either is written; what is written never reaches beyond the vector at hand.
            var (id, logit) = (_whole ? Vector512<int>.Indices + Vector512.Create(v * Lanes) : ids[v], logits[v]);
            Packing.Append(id, stays, _ids, kept);
            Packing.Append(logit, stays, _logits, kept);
            kept += BitOperations.PopCount(stays.ExtractMostSignificantBits());
        }
        Take(kept);
    }

    /// <summary>Forbids those above a logit, and of those at it all but the one with the highest id.</summary>
    public void ForbidAbove(float logit)
    {
        var logits = (_whole ? _row : _logits).AsSpan(0, LogitVectors.Padded(Count));
        int last = logits.LastIndexOf(logit);
        foreach (ref var v in MemoryMarshal.Cast<float, Vector512<float>>(logits))
        {
            var above = Vector512.GreaterThanOrEqual(v, Vector512.Create(logit));
            v = Vector512.ConditionalSelect(above, Vector512.Create(float.NegativeInfinity), v);
        }
        logits[last] = logit;
        Max = logit;
    }

    /// <summary>The token that a number in [0, 1) means, and its probability.</summary>
    public (int Token, double Probability) Draw(double uniform)
    {
        double total = Weigh(), target = uniform * total;
        int index = HeaviestFirst ? IndexOf(Heaviest(target)) : IndexOf(target);
        return (IdAt(index), _weights[index] / total);
    }

    /// <summary>Which lanes lie above a key, with the first few of those at it.</summary>
    private static Vector512<float> WithoutTies(Vector512<float> keys, float last, int ties)
    {
        var stays = Vector512.GreaterThan(keys, Vector512.Create(last));
        for (int lane = 0; lane < Lanes && ties > 0; lane++)
        {
            if (keys[lane] == last)
            {
                stays = stays.WithElement(lane, BitConverter.Int32BitsToSingle(-1));
                ties--;
            }
        }
        return stays;
    }

    private void Take(int count)
    {
        _whole = false;
        Count = count;
        _logits.AsSpan(count, LogitVectors.Padded(count) - count).Fill(float.NegativeInfinity);
        TryFindMax();
    }

    private bool TryFindMax()
    {
        bool finite = LogitVectors.TryMax(Logits, out float max);
        Max = max;
        return finite;
    }

    private int IndexOf(Cut last)
    {
        var logits = Logits;
        int at = LogitVectors.IndexOf(logits, last.Key);
        for (int n = 1; n < last.Ties; n++)
            at += 1 + logits[(at + 1)..].IndexOf(last.Key);
        return at;
    }

    /// <summary>The first index up to which the weights exceed a target; the last with a weight where rounding leaves none.</summary>
    private int IndexOf(double target)
    {
        double sum = 0;
        int chunk = 0, last = 0;
        while (chunk + 1 < _masses.Length && (chunk + 1) * Chunk < Count && sum + _masses[chunk] <= target)
            sum += _masses[chunk++];
        for (int i = chunk * Chunk; i < Count; i++)
        {
            if (_weights[i] == 0)
                continue;
            last = i;
            sum += _weights[i];
            if (sum > target)
                break;
        }
        return last;
    }
}
