namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>One stage that cuts text into pieces, none of which a token will span. Immutable.</summary>
internal interface IPreTokenizer
{
    /// <summary>Hands the pieces of <paramref name="text"/> (UTF-8, never empty) to <paramref name="next"/>, in order.</summary>
    void Split(ReadOnlySpan<byte> text, in PieceFlow next);
}
