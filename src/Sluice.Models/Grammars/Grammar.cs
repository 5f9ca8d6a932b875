using System.Text;

namespace Sluice.Models.Grammars;

/// <summary>What a text may say, as its author wrote it down. Compiled by <see cref="GrammarVocabulary.Compile"/>.</summary>
public abstract record Grammar
{
    private Grammar() { }

    /// <summary>Equal for equal grammars.</summary>
    internal string Key
    {
        get
        {
            var key = new StringBuilder();
            WriteKey(key);
            return key.ToString();
        }
    }

    /// <summary>JSON that a JSON Schema (2020-12) calls valid.</summary>
    /// <param name="Text">The schema, as JSON.</param>
    public sealed record Schema(string Text) : Grammar
    {
        /// <summary>Any JSON object.</summary>
        public static readonly Schema AnyObject = new("{\"type\":\"object\"}");

        /// <summary>Whether it stands among tags, so that its strings have no '&lt;' but as an escape.</summary>
        public bool AmongTags { get; init; }
    }

    /// <summary>The strings that a JSON Schema calls valid, without quotes or escapes, each up to a tag that is behind it.</summary>
    /// <param name="Valid">The schema, as JSON.</param>
    /// <param name="End">
    /// The tag, perhaps with white space before it. No text has the tag in it, and none begins with a section of CDATA, which readers take
    /// for one.
    /// </param>
    public sealed record TaggedText(string Valid, string End) : Grammar;

    /// <summary>Texts that a regular expression matches as a whole.</summary>
    public sealed record Regex(string Pattern) : Grammar;

    /// <summary>llama.cpp's GBNF; the text is its rule root.</summary>
    public sealed record Gbnf(string Text) : Grammar;

    /// <summary>One of a few texts.</summary>
    public sealed record Choices(IReadOnlyList<string> Texts) : Grammar;

    /// <summary>Exactly this text.</summary>
    public sealed record Literal(string Text) : Grammar;

    /// <summary>One after another, as a tool call is text, JSON and text.</summary>
    public sealed record Sequence(IReadOnlyList<Grammar> Parts) : Grammar;

    /// <summary>Any of these.</summary>
    public sealed record Either(IReadOnlyList<Grammar> Options) : Grammar;

    /// <summary>The same again and again.</summary>
    /// <param name="Most">Null for no limit.</param>
    public sealed record Repeat(Grammar Body, int Least, int? Most) : Grammar;

    private void WriteKey(StringBuilder key)
    {
        switch (this)
        {
            case Schema schema: Write(key, schema.AmongTags ? 't' : 's', schema.Text); break;
            case TaggedText text:
                Write(key, 'x', text.Valid);
                Write(key, 'l', text.End);
                break;
            case Regex regex: Write(key, 'r', regex.Pattern); break;
            case Gbnf gbnf: Write(key, 'g', gbnf.Text); break;
            case Literal literal: Write(key, 'l', literal.Text); break;
            case Choices choices:
                key.Append('c').Append(choices.Texts.Count);
                foreach (string text in choices.Texts)
                    Write(key, 'l', text);
                break;
            case Sequence sequence: WriteAll(key, 'q', sequence.Parts); break;
            case Either either: WriteAll(key, 'e', either.Options); break;
            case Repeat repeat:
                key.Append('*').Append(repeat.Least).Append(',').Append(repeat.Most);
                repeat.Body.WriteKey(key);
                break;
        }
    }

    private static void Write(StringBuilder key, char kind, string text) => key.Append(kind).Append(text.Length).Append(':').Append(text);

    private static void WriteAll(StringBuilder key, char kind, IReadOnlyList<Grammar> parts)
    {
        key.Append(kind).Append(parts.Count);
        foreach (var part in parts)
            part.WriteKey(key);
    }
}
