namespace Sluice.Models.Tokenizers;

/// <param name="AddSpecial">Add the BOS/EOS tokens (or post-processor template) that the vocabulary asks for.</param>
/// <param name="ParseSpecial">Recognise special tokens spelled out in the text; otherwise their spelling is plain text.</param>
public readonly record struct EncodeOptions(bool AddSpecial, bool ParseSpecial)
{
    /// <summary>For what a chat template rendered: it spells every special token itself.</summary>
    public static EncodeOptions Rendered => new(AddSpecial: false, ParseSpecial: true);

    /// <summary>For a plain prompt to be continued.</summary>
    public static EncodeOptions Prompt => new(AddSpecial: true, ParseSpecial: true);
}
