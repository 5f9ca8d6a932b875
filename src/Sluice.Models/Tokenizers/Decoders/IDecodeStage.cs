namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>A decoder at work on one stream. For one reader.</summary>
internal interface IDecodeStage
{
    /// <summary>Takes the next token, or what the stage before made of it.</summary>
    /// <param name="verbatim">Whether the token stands for itself, so that nothing in it is to be rewritten.</param>
    void Push(ReadOnlySpan<byte> token, bool verbatim);

    /// <summary>Passes on what was held back: the stream is over.</summary>
    void End();
}
