using System.Collections.Concurrent;
using System.Text;
using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers;

/// <summary>
/// The one tokenizer: added tokens are found in the text, what lies between is normalised, cut into pieces and encoded. The parts differ from
/// model to model, the path does not.
/// </summary>
internal sealed class Tokenizer : ITokenizer
{
    private readonly TokenizerParts _parts;
    private readonly bool[] _special;
    private readonly AddedTokenSearch _added;
    private readonly ConcurrentBag<EncodeScratch> _idle = [];
    private readonly byte[]?[] _bytes;
    private readonly Dictionary<int, byte[]> _normalized = [];

    public Tokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _special = new bool[parts.Vocabulary.Count];
        foreach (var token in parts.AddedTokens)
            _special[token.Id] |= token.Special;
        _added = new AddedTokenSearch(parts.AddedTokens);
        _bytes = new byte[parts.Vocabulary.Count][];
        foreach (var token in parts.AddedTokens)
            if (token.Normalized && token.Content != parts.Vocabulary.Text(token.Id))
                _normalized[token.Id] = Encoding.UTF8.GetBytes(token.Content);
    }

    public int VocabularySize => _parts.Vocabulary.Count;

    public SpecialTokens Special => _parts.Special;

    public void Encode(ReadOnlySpan<char> text, EncodeOptions options, List<int> ids) => TryEncode(text, options, int.MaxValue, ids);

    public bool TryEncode(ReadOnlySpan<char> text, EncodeOptions options, int most, List<int> ids)
    {
        bool full = false;
        if (options.AddSpecial)
            ids.AddRange(_parts.Prefix.AsSpan());
        if (!text.IsEmpty)
        {
            if (!_idle.TryTake(out var scratch))
                scratch = new EncodeScratch();
            var buffer = scratch.Take();
            buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(Encoding.UTF8.GetByteCount(text))));
            scratch.Begin(buffer.WrittenCount, most, _parts.Encoder.MostBytesPerId);
            EncodeText(buffer.WrittenSpan, options.ParseSpecial, scratch, ids);
            full = scratch.IsFull;
            scratch.Trim();
            _idle.Add(scratch);
        }
        if (options.AddSpecial)
            ids.AddRange(_parts.Suffix.AsSpan());
        return !full && ids.Count <= most;
    }

    public ReadOnlySpan<byte> Bytes(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            return [];
        // Two threads may both work it out; they come to the same bytes.
        return _bytes[id] ??= DecodeAlone(id);
    }

    public string Spelling(int id) => (uint)id < (uint)VocabularySize ? _parts.Vocabulary.Text(id) : "";

    public int Find(string spelling) => _parts.Vocabulary.Find(spelling);

    public bool IsSpecial(int id) => (uint)id < (uint)VocabularySize && _special[id];

    public IDetokenizer CreateDetokenizer(bool showSpecial, bool continuing = false) =>
        new Detokenizer(this, _parts.Decoders, showSpecial, continuing);

    /// <summary>
    /// What decoders are given of a token: its spelling, for an added token as it is looked for in texts. Empty for an id that no token has, as
    /// where a model's table is wider than its vocabulary.
    /// </summary>
    public ReadOnlySpan<byte> DecodedSpelling(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            return [];
        return _normalized.Count > 0 && _normalized.TryGetValue(id, out byte[]? normalized) ? normalized : _parts.Vocabulary.Spelling(id);
    }

    /// <summary>Whether decoders leave the token's spelling as it is.</summary>
    public bool IsVerbatim(int id) => _parts.Verbatim.Contains(id);

    private void EncodeText(ReadOnlySpan<byte> text, bool parseSpecial, EncodeScratch scratch, List<int> ids)
    {
        var matcher = _added.Verbatim(parseSpecial);
        for (int from = 0; from < text.Length && scratch.HasRoom(ids, 0);)
        {
            int start = text.Length, end = text.Length;
            var token = matcher?.Find(text, from, out start, out end);
            if (start > from)
                EncodeSegment(text[from..start], opensText: from == 0, parseSpecial, scratch, ids);
            if (token is not null)
                ids.Add(token.Id);
            from = end;
        }
    }

    private void EncodeSegment(ReadOnlySpan<byte> text, bool opensText, bool parseSpecial, EncodeScratch scratch, List<int> ids)
    {
        if (_parts.Normalizer is null)
        {
            EncodeNormalized(text, opensText, parseSpecial, scratch, ids);
            return;
        }
        var buffer = scratch.Take();
        _parts.Normalizer.Normalize(text, buffer, scratch);
        EncodeNormalized(buffer.WrittenSpan, opensText, parseSpecial, scratch, ids);
        scratch.Release();
    }

    private void EncodeNormalized(ReadOnlySpan<byte> text, bool opensText, bool parseSpecial, EncodeScratch scratch, List<int> ids)
    {
        var matcher = _added.Normalized(parseSpecial);
        for (int from = 0; from < text.Length && scratch.HasRoom(ids, 0);)
        {
            int start = text.Length, end = text.Length;
            var token = matcher?.Find(text, from, out start, out end);
            if (start > from)
                new PieceFlow(_parts.PreTokenizers, _parts.Encoder, scratch, ids, opensText).Emit(text[from..start], first: from == 0);
            if (token is not null)
                ids.Add(token.Id);
            from = end;
        }
    }

    private byte[] DecodeAlone(int id)
    {
        if (IsSpecial(id))
            return DecodedSpelling(id).ToArray();
        var sink = new BytesSink();
        var first = _parts.Decoders.Where(decoder => decoder.IsPerToken).Reverse().Aggregate((IDecodeStage)sink, (next, decoder) => decoder.Open(next, continuing: true));
        first.Push(DecodedSpelling(id), IsVerbatim(id));
        first.End();
        return sink.Bytes.ToArray();
    }
}
