using Sluice.Engine.Requests;

namespace Sluice.Engine.Text;

/// <summary>How likely tokens were whose text is not given out yet. For one stream.</summary>
internal sealed class HeldScores
{
    private readonly List<(TokenScores Scores, int Start)> _held = [];
    private int _length;

    /// <param name="length">Characters that became known with the token.</param>
    public void Add(TokenScores scores, int length)
    {
        _held.Add((scores, _length));
        _length += length;
    }

    /// <summary>
    /// Those of the tokens that begin within the next characters, all where not told; the rest is dropped. Null where there are none.
    /// </summary>
    public IReadOnlyList<TokenScores>? Take(int characters = int.MaxValue)
    {
        TokenScores[] taken = [.. _held.Where(held => held.Start < characters).Select(held => held.Scores)];
        _held.Clear();
        _length = 0;
        return taken.Length > 0 ? taken : null;
    }
}
