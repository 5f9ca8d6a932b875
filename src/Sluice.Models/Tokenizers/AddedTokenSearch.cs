using System.Buffers;
using System.Text;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers;

/// <summary>The matchers for added tokens: in the text as given or normalised, with or without the special ones. Each is built on first use.</summary>
internal sealed class AddedTokenSearch
{
    private readonly Lazy<AddedTokenMatcher?>[] _matchers;

    public AddedTokenSearch(IReadOnlyList<AddedToken> tokens, INormalizer? normalizer)
    {
        _matchers = [.. Enumerable.Range(0, 4).Select(i => new Lazy<AddedTokenMatcher?>(() => Create(tokens, normalizer, (i & 1) != 0, (i & 2) != 0)))];
    }

    /// <summary>The matcher for text as given; null where there is nothing to find.</summary>
    public AddedTokenMatcher? Verbatim(bool special) => _matchers[special ? 2 : 0].Value;

    /// <summary>The matcher for normalised text; null where there is nothing to find.</summary>
    public AddedTokenMatcher? Normalized(bool special) => _matchers[special ? 3 : 1].Value;

    private static AddedTokenMatcher? Create(IReadOnlyList<AddedToken> tokens, INormalizer? normalizer, bool normalized, bool special)
    {
        var wanted = tokens.Where(token => token.Normalized == normalized && (special || !token.Special))
            .Select(token => (token, Spelling(token, normalizer)))
            .Where(entry => entry.Item2.Length > 0)
            .ToList();
        return wanted.Count > 0 ? new AddedTokenMatcher(wanted) : null;
    }

    private static byte[] Spelling(AddedToken token, INormalizer? normalizer)
    {
        byte[] spelling = Encoding.UTF8.GetBytes(token.Content);
        if (!token.Normalized || normalizer is null)
            return spelling;
        var target = new ArrayBufferWriter<byte>();
        normalizer.Normalize(spelling, target);
        return target.WrittenSpan.ToArray();
    }
}
