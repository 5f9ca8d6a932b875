using System.Text;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Puts a space before every token but the first and those that go on with a word.</summary>
/// <param name="prefix">What tokens that go on with a word are spelled with.</param>
/// <param name="clean">Whether to take out the spaces that cutting at punctuation brought in.</param>
internal sealed class WordPieceDecoder(string prefix, bool clean) : IDecoder
{
    private static readonly (string Spaced, string Clean)[] Cleanings =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"),
        (" 've", "'ve"), (" 're", "'re"),
    ];

    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(prefix, clean, next, continuing);

    /// <summary>The replacements one after another, each over the whole token.</summary>
    public static string Clean(string token) => Cleanings.Aggregate(token, (text, cleaning) => text.Replace(cleaning.Spaced, cleaning.Clean, StringComparison.Ordinal));

    private sealed class Stage(string prefix, bool clean, IDecodeStage next, bool continuing) : IDecodeStage
    {
        private bool _started = continuing;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            string text = Encoding.UTF8.GetString(token);
            if (_started)
                text = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : " " + text;
            _started = true;
            if (clean)
                text = Clean(text);
            next.Push(Encoding.UTF8.GetBytes(text), verbatim);
        }

        public void End() => next.End();
    }
}
