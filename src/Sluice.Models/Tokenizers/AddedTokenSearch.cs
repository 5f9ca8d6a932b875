using System.Text;

namespace Sluice.Models.Tokenizers;

/// <summary>The matchers for added tokens: in the text as given or normalised, with or without the special ones. Each is built on first use.</summary>
internal sealed class AddedTokenSearch(IReadOnlyList<AddedToken> tokens)
{
    private readonly Lazy<AddedTokenMatcher?> _plain = Matcher(tokens, token => !token.Normalized && !token.Special);
    private readonly Lazy<AddedTokenMatcher?> _all = Matcher(tokens, token => !token.Normalized);
    private readonly Lazy<AddedTokenMatcher?> _plainNormalized = Matcher(tokens, token => token.Normalized && !token.Special);
    private readonly Lazy<AddedTokenMatcher?> _allNormalized = Matcher(tokens, token => token.Normalized);

    /// <summary>The matcher for text as given; null where there is nothing to find.</summary>
    public AddedTokenMatcher? Verbatim(bool special) => (special ? _all : _plain).Value;

    /// <summary>The matcher for normalised text; null where there is nothing to find.</summary>
    public AddedTokenMatcher? Normalized(bool special) => (special ? _allNormalized : _plainNormalized).Value;

    private static Lazy<AddedTokenMatcher?> Matcher(IReadOnlyList<AddedToken> tokens, Func<AddedToken, bool> wanted) => new(() =>
    {
        var chosen = tokens.Where(wanted).Where(token => token.Content.Length > 0).Select(token => (token, Encoding.UTF8.GetBytes(token.Content))).ToList();
        return chosen.Count > 0 ? new AddedTokenMatcher(chosen) : null;
    });
}
