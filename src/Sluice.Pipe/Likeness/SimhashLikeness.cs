using System.Numerics;
using System.Text;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Likeness;

/// <summary>
/// Records are the same whose simhashes (64 bits over normalized words and pairs of them, after Charikar) differ in few bits. The first
/// record of a kind stands for those after it. Bounded: the oldest are forgotten.
/// </summary>
/// <param name="bits">Most bits that may differ, 0 to 16.</param>
public sealed class SimhashLikeness(int bits) : ILikeness
{
    // Hashes that differ in at most `bits` agree in at least one of `bits + 1` bands, so only those need comparing.
    private readonly Dictionary<(int Band, ulong Value), List<ulong>> _bands = [];
    private readonly Queue<ulong> _order = new();
    private const int Most = 200_000;
    private const int MostPerBand = 256;

    public QuestionKey KeyOf(Record record)
    {
        ulong hash = Hash(record.Text);
        ulong kind = Find(hash) ?? Remember(hash);
        return new QuestionKey(0, kind);
    }

    internal static ulong Hash(string text)
    {
        string[] words = NormalizedLikeness.Normalize(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Span<int> votes = stackalloc int[64];
        // Words and pairs of neighbours: with words alone the order would count for nothing.
        for (int i = 0; i < words.Length; i++)
        {
            Vote(votes, words[i]);
            if (i > 0)
                Vote(votes, $"{words[i - 1]} {words[i]}");
        }
        ulong hash = 0;
        for (int bit = 0; bit < 64; bit++)
            hash |= votes[bit] > 0 ? 1UL << bit : 0;
        return hash;
    }

    private static void Vote(Span<int> votes, string feature)
    {
        ulong hash = QuestionKey.Of(Encoding.UTF8.GetBytes(feature)).Low;
        for (int bit = 0; bit < 64; bit++)
            votes[bit] += (hash >> bit & 1) == 1 ? 1 : -1;
    }

    private ulong? Find(ulong hash)
    {
        for (int band = 0; band <= bits; band++)
        {
            if (!_bands.TryGetValue((band, Band(hash, band)), out List<ulong>? candidates))
                continue;
            foreach (ulong candidate in candidates)
            {
                if (BitOperations.PopCount(candidate ^ hash) <= bits)
                    return candidate;
            }
        }
        return null;
    }

    private ulong Remember(ulong hash)
    {
        _order.Enqueue(hash);
        for (int band = 0; band <= bits; band++)
        {
            var key = (band, Band(hash, band));
            if (!_bands.TryGetValue(key, out List<ulong>? candidates))
                _bands[key] = candidates = [];
            if (candidates.Count < MostPerBand)
                candidates.Add(hash);
        }
        if (_order.Count > Most)
            Forget(_order.Dequeue());
        return hash;
    }

    private void Forget(ulong hash)
    {
        for (int band = 0; band <= bits; band++)
        {
            var key = (band, Band(hash, band));
            if (_bands.TryGetValue(key, out List<ulong>? candidates) && candidates.Remove(hash) && candidates.Count == 0)
                _bands.Remove(key);
        }
    }

    private ulong Band(ulong hash, int band)
    {
        int bands = bits + 1, from = 64 * band / bands, to = 64 * (band + 1) / bands;
        ulong mask = to - from == 64 ? ulong.MaxValue : (1UL << (to - from)) - 1;
        return hash >> from & mask;
    }
}
