using System.Text;

namespace Sluice.Cli.Load;

/// <summary>
/// Writes prompts of a wanted number of tokens, as far as can be told from outside: in common words, of which a server's usage said what
/// they come to.
/// </summary>
/// <param name="seed">Of the shared prefixes.</param>
/// <param name="prefixTokens">Of each shared prefix; 0 for none.</param>
internal sealed class PromptText(TokenScale scale, int seed, int prefixTokens)
{
    private static readonly string[] Vocabulary = (
        "time year people way day man thing woman life child world school state family student group country problem hand part " +
        "place case week company system program question work government number night point home water room mother area money " +
        "story fact month lot right study book eye job word business issue side kind head house service friend father power " +
        "hour game line end member law car city community name president team minute idea body information back parent face " +
        "others level office door health person art war history party result change morning reason research girl guy moment air " +
        "teacher force education foot boy age policy music market sense nation plan college interest death experience effect " +
        "use class control field development role effort rate heart drug show leader light voice wife police mind price report " +
        "decision son view relationship town road arm difference value building action season society tax director position " +
        "player record paper space ground form event matter center couple site project activity star table need court oil " +
        "situation cost industry figure street image phone data picture practice piece land product doctor wall worker news " +
        "test movie north love support technology step baby computer type attention film tree source red hair window culture " +
        "chance brother").Split(' ');

    public string Write(PlannedRequest request)
    {
        var text = new StringBuilder();
        double template = scale.Fixed; // is part of what comes first
        if (prefixTokens > 0)
        {
            Append(text, new Random(unchecked(seed + 7919 * (request.Prefix + 1))), scale.WordsOf(prefixTokens - template));
            template = 0;
        }
        Append(text, new Random(request.TextSeed), scale.WordsOf(request.PromptTokens - template));
        return text.ToString();
    }

    /// <summary>That many words and nothing else, to see what they come to.</summary>
    public static string WriteWords(int words, int seed)
    {
        var text = new StringBuilder();
        Append(text, new Random(seed), words);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Random random, int words)
    {
        for (int i = 0; i < words; i++)
            text.Append(text.Length > 0 ? " " : "").Append(Vocabulary[random.Next(Vocabulary.Length)]);
    }
}
