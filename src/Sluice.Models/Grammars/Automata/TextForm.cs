namespace Sluice.Models.Grammars.Automata;

/// <summary>How the code points of a lexeme are written as bytes.</summary>
internal enum TextForm
{
    /// <summary>UTF-8.</summary>
    Plain,

    /// <summary>A JSON string: in quotes, each code point as itself where JSON allows it or as any of its escapes.</summary>
    JsonString,

    /// <summary>The same without '&lt;' as itself, so that no tag can be in it.</summary>
    TaggedString,
}
