namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>One step from tokens as spelled to text. Immutable; it opens a stage for every stream.</summary>
internal interface IDecoder
{
    /// <summary>Whether what it makes of a token in the middle of a text depends on nothing but the token.</summary>
    bool IsPerToken => true;

    /// <summary>A stage for one stream of tokens, which passes on what it makes of them to <paramref name="next"/>.</summary>
    /// <param name="continuing">Whether the stream continues a text, so that its first token is not the first of the text.</param>
    IDecodeStage Open(IDecodeStage next, bool continuing);
}
