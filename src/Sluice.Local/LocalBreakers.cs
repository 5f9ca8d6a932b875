using System.Collections.Concurrent;
using System.Text;
using Sluice.Engine.Sampling;
using Sluice.Models.Tokenizers;

namespace Sluice.Local;

/// <summary>
/// The texts that end a repetition for DRY, as tokens: every token that holds one of them, and where several tokens spell one their
/// sequence. Looking through the vocabulary takes milliseconds, so what was found for a text is kept, for a number of texts.
/// </summary>
internal sealed class LocalBreakers(ITokenizer tokenizer)
{
    private const int MaxKept = 256;

    // llama.cpp's.
    private static readonly string[] Default = ["\n", ":", "\"", "*"];

    private readonly ConcurrentDictionary<string, int[]> _holders = new(StringComparer.Ordinal);

    /// <param name="texts">None is empty; null for the usual ones.</param>
    public DryBreakers Of(IReadOnlyList<string>? texts)
    {
        var tokens = new HashSet<int>();
        var sequences = new List<int[]>();
        foreach (string text in texts ?? Default)
        {
            tokens.UnionWith(Holders(text));
            var ids = new List<int>();
            tokenizer.Encode(text, new EncodeOptions(AddSpecial: false, ParseSpecial: false), ids);
            if (ids.Count > 1)
                sequences.Add([.. ids]);
        }
        return new DryBreakers(tokens, sequences);
    }

    private int[] Holders(string text)
    {
        if (_holders.TryGetValue(text, out int[]? known))
            return known;
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        int[] found = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.Bytes(id).IndexOf(wanted) >= 0)];
        if (_holders.Count < MaxKept)
            _holders.TryAdd(text, found);
        return found;
    }
}
