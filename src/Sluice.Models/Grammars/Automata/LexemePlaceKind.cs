namespace Sluice.Models.Grammars.Automata;

/// <summary>What a <see cref="LexemePlace"/> is in the middle of.</summary>
internal enum LexemePlaceKind
{
    /// <summary>Before the opening quote.</summary>
    Open,

    /// <summary>Between two code points.</summary>
    Between,

    /// <summary>In a UTF-8 sequence whose ends lead to different states.</summary>
    Utf8,

    /// <summary>In a UTF-8 sequence all ends of which lead to one state.</summary>
    Utf8Settled,

    /// <summary>Behind a backslash.</summary>
    Escape,

    /// <summary>Among the digits of \u.</summary>
    Hex,

    /// <summary>Among the digits of \u, all ends of which lead to one state.</summary>
    HexSettled,

    /// <summary>Behind the first half of a surrogate pair.</summary>
    HalfPair,

    /// <summary>Behind that and its backslash.</summary>
    HalfPairEscape,

    /// <summary>Behind the closing quote.</summary>
    Closed,
}
