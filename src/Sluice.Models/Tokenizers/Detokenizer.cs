using Sluice.Models.Tokenizers.Decoders;

namespace Sluice.Models.Tokenizers;

/// <summary>Sends one stream of tokens through the tokenizer's decoders.</summary>
internal sealed class Detokenizer : IDetokenizer
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _showSpecial;
    private readonly TextSink _sink = new();
    private readonly IDecodeStage _first;

    public Detokenizer(Tokenizer tokenizer, IReadOnlyList<IDecoder> decoders, bool showSpecial, bool continuing)
    {
        _tokenizer = tokenizer;
        _showSpecial = showSpecial;
        _first = decoders.Reverse().Aggregate((IDecodeStage)_sink, (next, decoder) => decoder.Open(next, continuing));
    }

    public string Append(int id)
    {
        bool special = _tokenizer.IsSpecial(id);
        if (special && !_showSpecial)
            return "";
        _first.Push(_tokenizer.DecodedSpelling(id), _tokenizer.IsVerbatim(id));
        return _sink.Take();
    }

    public string Flush()
    {
        _first.End();
        return _sink.Take();
    }
}
