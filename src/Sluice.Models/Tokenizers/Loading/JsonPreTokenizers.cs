using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Patterns;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads pre_tokenizer of a tokenizer.json.</summary>
internal static class JsonPreTokenizers
{
    /// <param name="byteLevel">Whether pieces go to the model as bytes.</param>
    public static IPreTokenizer[] Read(JsonFields? fields, out bool byteLevel)
    {
        var stages = new List<IPreTokenizer>();
        byteLevel = false;
        if (fields is not null)
            Add(fields, stages, ref byteLevel);
        return [.. stages];
    }

    private static void Add(JsonFields fields, List<IPreTokenizer> stages, ref bool byteLevel)
    {
        string type = fields.RequireString("type");
        switch (type)
        {
            case "Sequence":
                foreach (var part in fields.Objects("pretokenizers") ?? [])
                    Add(part, stages, ref byteLevel);
                break;
            case "ByteLevel":
                byteLevel = true;
                if (fields.Bool("add_prefix_space") ?? true)
                    stages.Add(new PrefixSpacePreTokenizer());
                if (fields.Bool("use_regex") ?? true)
                    stages.Add(new SplitPreTokenizer(Pattern.Parse(WellKnownPatterns.Gpt2), SplitBehavior.Isolated, invert: false));
                break;
            case "Split":
                var pattern = fields.RequireObject("pattern");
                stages.Add(new SplitPreTokenizer(Pattern.Parse(pattern.RequireString("Regex")), SplitBehavior.Isolated, fields.Bool("invert") ?? false));
                break;
            default:
                throw fields.Fail("type", $"is '{type}', which is not known");
        }
    }
}
