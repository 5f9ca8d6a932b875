using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads a pattern of a tokenizer.json: a regular expression or a string, in its own object.</summary>
internal static class JsonPatterns
{
    /// <summary>The string to look for; null where the pattern is a regular expression.</summary>
    public static string? Literal(JsonFields owner) => owner.RequireObject("pattern").String("String");

    public static Pattern Read(JsonFields owner)
    {
        var fields = owner.RequireObject("pattern");
        if (fields.String("String") is { } literal)
            return literal.Length > 0 ? Pattern.Literal(literal) : throw fields.Fail("String", "is empty");
        string regex = fields.RequireString("Regex");
        try
        {
            return Pattern.Parse(regex);
        }
        catch (PatternException e)
        {
            throw fields.Fail("Regex", $"cannot be used: {e.Message}");
        }
    }
}
