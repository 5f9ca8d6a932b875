namespace Sluice.Models.Tokenizers;

/// <summary>The lower one eighth block, U+2581, with which SentencePiece spells a space.</summary>
internal static class WordMark
{
    public const char Letter = '\u2581';

    public static ReadOnlySpan<byte> Utf8 => "\u2581"u8;
}
