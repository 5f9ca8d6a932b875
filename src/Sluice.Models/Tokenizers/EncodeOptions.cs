namespace Sluice.Models.Tokenizers;

/// <param name="AddSpecial">Add the BOS/EOS tokens (or post-processor template) that the vocabulary asks for.</param>
/// <param name="ParseSpecial">Recognise special tokens spelled out in the text; otherwise their spelling is plain text.</param>
public readonly record struct EncodeOptions(bool AddSpecial, bool ParseSpecial);
