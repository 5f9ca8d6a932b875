using Sluice.Local;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Tokenizers;

/// <summary>The tokenizer of the embedded model: byte-level BPE of 3,072 tokens, with a token for every byte.</summary>
internal static class DemoTokenizer
{
    public static ITokenizer Open()
    {
        using var file = GgufFile.Open(ModelLocator.Resolve(ModelLocator.Demo));
        return TokenizerLoader.FromGguf(file.Metadata);
    }

    public static List<int> Encode(ITokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, default, ids);
        return ids;
    }
}
