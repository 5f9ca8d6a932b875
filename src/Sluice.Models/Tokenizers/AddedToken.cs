namespace Sluice.Models.Tokenizers;

/// <summary>A token that is recognised in the text itself, before anything else looks at it.</summary>
/// <param name="Content">What to look for.</param>
/// <param name="Special">A control token: recognised only where the caller asks for it, hidden when decoding.</param>
/// <param name="Normalized">Looked for in the normalised text rather than in the text as given.</param>
/// <param name="SingleWord">Counts only where no word character touches it.</param>
/// <param name="StripLeft">Swallows the white space before it.</param>
/// <param name="StripRight">Swallows the white space behind it.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Special, bool Normalized = false, bool SingleWord = false, bool StripLeft = false, bool StripRight = false);
