using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Where a stage's pieces go: through the stages behind it, and then to the encoder. Nothing is listed on the way.</summary>
internal readonly ref struct PieceFlow
{
    private readonly ReadOnlySpan<IPreTokenizer> _stages;
    private readonly IPieceEncoder _encoder;
    private readonly List<int> _ids;

    public PieceFlow(ReadOnlySpan<IPreTokenizer> stages, IPieceEncoder encoder, EncodeScratch scratch, List<int> ids, bool opensText)
    {
        _stages = stages;
        _encoder = encoder;
        _ids = ids;
        Scratch = scratch;
        OpensText = opensText;
    }

    public EncodeScratch Scratch { get; }

    /// <summary>Whether what the present stage was given stands at the very start of the text.</summary>
    public bool OpensText { get; }

    /// <summary>Passes a piece on; an empty one vanishes.</summary>
    /// <param name="first">Whether it is the first of what the stage was given.</param>
    public void Emit(ReadOnlySpan<byte> piece, bool first)
    {
        if (piece.IsEmpty)
            return;
        if (_stages.IsEmpty)
        {
            if (Scratch.HasRoom(_ids, piece.Length))
                _encoder.Encode(piece, Scratch, _ids);
        }
        else
            _stages[0].Split(piece, new PieceFlow(_stages[1..], _encoder, Scratch, _ids, first && OpensText));
    }
}
