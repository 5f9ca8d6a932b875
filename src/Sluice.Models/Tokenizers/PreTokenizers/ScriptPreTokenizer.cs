using System.Text;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Cuts where the script changes. Kana counts as Han, and a space as part of whatever is around it.</summary>
internal sealed class ScriptPreTokenizer : IPreTokenizer
{
    private const int ProlongedSoundMark = 0x30FC;

    public void Split(ReadOnlySpan<byte> text, in PieceFlow next)
    {
        int start = 0;
        string? last = null;
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf8(text[at..], out var rune, out int length);
            string script = Script(rune.Value);
            if (script.Length > 0)
            {
                if (last is not null && script != last)
                {
                    next.Emit(text[start..at], start == 0);
                    start = at;
                }
                else if (last is null)
                    start = at; // spaces before the first letter are dropped, as there
                last = script;
            }
            at += length;
        }
        if (last is not null)
            next.Emit(text[start..], start == 0);
    }

    /// <summary>The script that counts; empty for what goes with any.</summary>
    private static string Script(int rune) => rune switch
    {
        ' ' => "",
        ProlongedSoundMark => "han",
        _ => UnicodeSets.ScriptOf(rune) is var script and not ("hiragana" or "katakana") ? script : "han",
    };
}
