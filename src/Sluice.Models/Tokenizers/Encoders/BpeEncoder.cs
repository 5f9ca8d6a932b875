using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Byte pair encoding: a piece begins as bytes or characters, and neighbours merge in the order of their ranks.</summary>
internal sealed class BpeEncoder<TRule> : IPieceEncoder
    where TRule : struct, IMergeRule
{
    private readonly Vocabulary _vocabulary;
    private readonly TRule _rule;
    private readonly BpeOptions _options;
    private readonly int[] _byteSymbols = new int[256];
    private readonly int[] _byteTokens = new int[256];
    private readonly SafeCuts? _cuts;
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;

    public BpeEncoder(Vocabulary vocabulary, TRule rule, BpeOptions options)
    {
        _vocabulary = vocabulary;
        _rule = rule;
        _options = options;
        _prefix = Encoding.UTF8.GetBytes(options.ContinuingPrefix);
        _suffix = Encoding.UTF8.GetBytes(options.EndSuffix);
        for (int value = 0; value < 256; value++)
        {
            _byteSymbols[value] = vocabulary.Find(ByteAlphabet.Letter((byte)value).ToString());
            _byteTokens[value] = options.ByteFallback ? vocabulary.Find(ByteToken.Spelling((byte)value)) : -1;
        }
        // With a symbol for every byte nothing is dropped, and no token stands for more than it spells.
        if (!(options.ByteLevel ? _byteSymbols : _byteTokens).Contains(-1))
            MostBytesPerId = vocabulary.Longest(options.ByteLevel ? ByteAlphabet.Count : spelling => spelling.Length);
        if (!options.ByteLevel && !options.IgnoreMerges && _prefix.Length + _suffix.Length == 0)
            _cuts = new SafeCuts(vocabulary);
    }

    public int MostBytesPerId { get; } = int.MaxValue;

    public void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids)
    {
        while (_cuts is not null && _cuts.TryCut(piece, out int cut))
        {
            EncodeWord(piece[..cut], scratch, ids);
            piece = piece[cut..];
        }
        EncodeWord(piece, scratch, ids);
    }

    private void EncodeWord(ReadOnlySpan<byte> word, EncodeScratch scratch, List<int> ids)
    {
        if (scratch.Words is not { } cache || word.Length > WordCache.WordLimit)
        {
            EncodeUncached(word, scratch, ids);
            return;
        }
        uint hash = ByteHash.Of(word);
        if (cache.TryAppend(word, hash, ids))
            return;
        int start = ids.Count;
        EncodeUncached(word, scratch, ids);
        cache.Put(word, hash, CollectionsMarshal.AsSpan(ids)[start..]);
    }

    private void EncodeUncached(ReadOnlySpan<byte> word, EncodeScratch scratch, List<int> ids)
    {
        if ((_options.IgnoreMerges || (_options.IgnoreMergesOfLineFeeds && !word.ContainsAnyExcept((byte)'\n'))) && FindWhole(word, scratch) is var whole and >= 0)
        {
            ids.Add(whole);
            return;
        }
        var work = scratch.Merges;
        work.Begin(word.Length);
        if (_options.ByteLevel)
            AddBytes(word, work);
        else
            AddCharacters(word, work);
        work.Merge(_rule, word);
        bool unknown = false;
        for (int i = 0; i < work.Count; i++)
        {
            int id = work.Id(i);
            if (id >= 0)
                ids.Add(id);
            unknown = id < 0 && AppendUnknown(word[work.Place(i)], unknown, ids);
        }
    }

    private int FindWhole(ReadOnlySpan<byte> word, EncodeScratch scratch)
    {
        if (!_options.ByteLevel)
            return _vocabulary.Find(word);
        var buffer = scratch.Take();
        var spelling = buffer.GetSpan(word.Length * 2);
        int found = _vocabulary.Find(spelling[..ByteAlphabet.Encode(word, spelling)]);
        scratch.Release();
        return found;
    }

    private void AddBytes(ReadOnlySpan<byte> word, MergeWork work)
    {
        for (int i = 0; i < word.Length; i++)
        {
            int id = _byteSymbols[word[i]];
            if (id >= 0 || _options.Unknown is not null)
                work.Add(id, i, i + 1);
        }
    }

    private void AddCharacters(ReadOnlySpan<byte> word, MergeWork work)
    {
        for (int start = 0, end; start < word.Length; start = end)
        {
            Rune.DecodeFromUtf8(word[start..], out _, out int length);
            end = start + length;
            int id = FindCharacter(word, start, end);
            if (id >= 0 || _options.Unknown is not null || HasByteTokens(word[start..end]))
                work.Add(id, start, end);
        }
    }

    private int FindCharacter(ReadOnlySpan<byte> word, int start, int end)
    {
        bool prefixed = start > 0 && _prefix.Length > 0, suffixed = end == word.Length && _suffix.Length > 0;
        if (!prefixed && !suffixed)
            return _vocabulary.Find(word[start..end]);
        Span<byte> spelling = stackalloc byte[end - start + (prefixed ? _prefix.Length : 0) + (suffixed ? _suffix.Length : 0)];
        var rest = spelling;
        if (prefixed)
        {
            _prefix.CopyTo(rest);
            rest = rest[_prefix.Length..];
        }
        word[start..end].CopyTo(rest);
        if (suffixed)
            _suffix.CopyTo(rest[(end - start)..]);
        return _vocabulary.Find(spelling);
    }

    /// <summary>Appends what stands for text that is no token; true if that was the unknown token.</summary>
    private bool AppendUnknown(ReadOnlySpan<byte> text, bool afterUnknown, List<int> ids)
    {
        if (HasByteTokens(text))
        {
            foreach (byte value in text)
                ids.Add(_byteTokens[value]);
            return false;
        }
        if (_options.Unknown is { } unknown && !(afterUnknown && _options.FuseUnknown))
            ids.Add(unknown);
        return true;
    }

    private bool HasByteTokens(ReadOnlySpan<byte> text)
    {
        if (!_options.ByteFallback)
            return false;
        foreach (byte value in text)
            if (_byteTokens[value] < 0)
                return false;
        return true;
    }
}
