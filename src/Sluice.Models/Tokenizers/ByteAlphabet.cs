using System.Text;

namespace Sluice.Models.Tokenizers;

/// <summary>
/// The alphabet in which byte-level vocabularies spell bytes: printable Latin-1 stands for itself, the other 68 bytes for U+0100 and up
/// (bytes_to_unicode of GPT-2's encoder).
/// </summary>
internal static class ByteAlphabet
{
    private const int Letters = 0x144;

    private static readonly char[] LetterOfByte = CreateLetters();
    private static readonly short[] ByteOfLetter = CreateBytes();

    /// <summary>The character that spells a byte.</summary>
    public static char Letter(byte value) => LetterOfByte[value];

    /// <summary>The byte a character spells, or -1.</summary>
    public static int Byte(int rune) => rune < Letters ? ByteOfLetter[rune] : -1;

    /// <summary>How many letters a spelling has, each of which stands for a byte.</summary>
    public static int Count(ReadOnlySpan<byte> spelling) => Encoding.UTF8.GetCharCount(spelling);

    /// <summary>
    /// Writes the bytes a spelling stands for. False, with nothing of use written, when it holds a character outside the alphabet.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> spelling, Span<byte> bytes, out int written)
    {
        written = 0;
        while (!spelling.IsEmpty)
        {
            Rune.DecodeFromUtf8(spelling, out var rune, out int length);
            int value = Byte(rune.Value);
            if (value < 0)
                return false;
            bytes[written++] = (byte)value;
            spelling = spelling[length..];
        }
        return true;
    }

    /// <summary>Writes the spelling of bytes, at most two bytes for each; returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> spelling)
    {
        int written = 0;
        foreach (byte value in bytes)
        {
            char letter = Letter(value);
            if (letter < 0x80)
                spelling[written++] = (byte)letter;
            else
            {
                spelling[written++] = (byte)(0xC0 | (letter >> 6));
                spelling[written++] = (byte)(0x80 | (letter & 0x3F));
            }
        }
        return written;
    }

    private static char[] CreateLetters()
    {
        var letters = new char[256];
        int next = 0x100;
        for (int value = 0; value < 256; value++)
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : (char)next++;
        return letters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[Letters];
        for (int letter = 0; letter < Letters; letter++)
            bytes[letter] = -1;
        for (int value = 0; value < 256; value++)
            bytes[LetterOfByte[value]] = (short)value;
        return bytes;
    }
}
