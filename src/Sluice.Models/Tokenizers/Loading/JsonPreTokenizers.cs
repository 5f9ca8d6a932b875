using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Patterns;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads pre_tokenizer of a tokenizer.json into stages.</summary>
internal sealed class JsonPreTokenizers
{
    private const string Known = "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, "
        + "UnicodeScripts, Whitespace, WhitespaceSplit";

    private readonly List<IPreTokenizer> _stages = [];
    private bool _byteLevel;

    /// <param name="byteLevel">Whether pieces go to the model as bytes.</param>
    public static IPreTokenizer[] Read(JsonFields? fields, out bool byteLevel)
    {
        var reader = new JsonPreTokenizers();
        if (fields is not null)
            reader.Add(fields);
        byteLevel = reader._byteLevel;
        return [.. reader._stages];
    }

    private void Add(JsonFields fields)
    {
        string type = fields.RequireString("type");
        if (type == "Sequence")
        {
            foreach (var part in fields.Objects("pretokenizers") ?? [])
                Add(part);
            return;
        }
        // Bytes are spelled out only for stages that come behind: the encoder takes them as they are.
        if (_byteLevel)
            _stages.Add(new ByteLevelPreTokenizer());
        _byteLevel = type == "ByteLevel";
        switch (type)
        {
            case "ByteLevel":
                if (fields.Bool("add_prefix_space") ?? true)
                    _stages.Add(new PrefixSpacePreTokenizer());
                if (fields.Bool("use_regex") ?? true)
                    AddSplit(WellKnownPatterns.Gpt2, SplitBehavior.Isolated);
                break;
            case "Split":
                _stages.Add(new SplitPreTokenizer(JsonPatterns.Read(fields), Behavior(fields), fields.Bool("invert") ?? false));
                break;
            case "Digits":
                AddSplit(@"\p{N}", fields.Bool("individual_digits") ?? false ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
                break;
            case "Punctuation":
                AddSplit(WellKnownPatterns.Punctuation, fields.Contains("behavior") ? Behavior(fields) : SplitBehavior.Isolated);
                break;
            case "Whitespace":
                _stages.Add(new SplitPreTokenizer(Pattern.Parse(WellKnownPatterns.WordsAndMarks), SplitBehavior.Removed, invert: true));
                break;
            case "WhitespaceSplit":
                _stages.Add(new SplitPreTokenizer(Pattern.Parse(WellKnownPatterns.NotSpace), SplitBehavior.Removed, invert: true));
                break;
            case "BertPreTokenizer":
                _stages.Add(new SplitPreTokenizer(Pattern.Parse(WellKnownPatterns.NotSpace), SplitBehavior.Removed, invert: true));
                AddSplit(WellKnownPatterns.Punctuation, SplitBehavior.Isolated);
                break;
            case "CharDelimiterSplit":
                _stages.Add(new SplitPreTokenizer(Pattern.Literal(Character(fields, "delimiter")), SplitBehavior.Removed, invert: false));
                break;
            case "FixedLength":
                long length = fields.Integer("length") ?? 5;
                AddSplit(length is > 0 and <= 1024 ? $"(?m:.{{1,{length}}})" : throw fields.Fail("length", $"is {length}; 1 to 1024 are supported"),
                    SplitBehavior.Isolated);
                break;
            case "UnicodeScripts":
                _stages.Add(new ScriptPreTokenizer());
                break;
            case "Metaspace":
                _stages.Add(Metaspace(fields));
                break;
            default:
                throw fields.Fail("type", $"is '{type}', which is no known pre-tokenizer; known are {Known}");
        }
    }

    private void AddSplit(string pattern, SplitBehavior behavior) => _stages.Add(new SplitPreTokenizer(Pattern.Parse(pattern), behavior, invert: false));

    private static MetaspacePreTokenizer Metaspace(JsonFields fields)
    {
        string scheme = fields.String("prepend_scheme") ?? (fields.Bool("add_prefix_space") ?? true ? "always" : "never");
        var prefix = scheme switch
        {
            "always" => MetaspacePrefix.Always,
            "first" => MetaspacePrefix.First,
            "never" => MetaspacePrefix.Never,
            _ => throw fields.Fail("prepend_scheme", $"is '{scheme}'; known are always, first, never"),
        };
        return new MetaspacePreTokenizer(Encoding.UTF8.GetBytes(Character(fields, "replacement")), prefix, fields.Bool("split") ?? true);
    }

    private static string Character(JsonFields fields, string name)
    {
        string text = fields.RequireString(name);
        return text.EnumerateRunes().Count() == 1 ? text : throw fields.Fail(name, $"is '{text}', expected one character");
    }

    private static SplitBehavior Behavior(JsonFields fields)
    {
        string name = fields.RequireString("behavior");
        return name switch
        {
            "Removed" => SplitBehavior.Removed,
            "Isolated" => SplitBehavior.Isolated,
            "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
            "MergedWithNext" => SplitBehavior.MergedWithNext,
            "Contiguous" => SplitBehavior.Contiguous,
            _ => throw fields.Fail("behavior", $"is '{name}'; known are {string.Join(", ", Enum.GetNames<SplitBehavior>())}"),
        };
    }
}
