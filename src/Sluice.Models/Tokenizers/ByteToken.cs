using System.Buffers.Text;

namespace Sluice.Models.Tokenizers;

/// <summary>Tokens that stand for one byte, spelled &lt;0xNN&gt;.</summary>
internal static class ByteToken
{
    private const int Length = 6;

    public static string Spelling(byte value) => $"<0x{value:X2}>";

    /// <summary>The byte that a spelling of this form stands for.</summary>
    public static bool TryParse(ReadOnlySpan<byte> spelling, out byte value)
    {
        value = 0;
        return spelling.Length == Length && spelling.StartsWith("<0x"u8) && spelling[^1] == '>'
            && Utf8Parser.TryParse(spelling[3..5], out value, out int consumed, 'X') && consumed == 2;
    }
}
