namespace Sluice.Models.Grammars.Chars;

/// <summary>Makes automata of rules that say what follows from a state.</summary>
internal static class CharExplorer
{
    /// <param name="alphabet">The characters that may come.</param>
    /// <param name="step">The state behind a character; null for none.</param>
    public static CharDfa Explore<T>(T start, string alphabet, Func<T, char, T?> step, Func<T, bool> accepts) where T : struct
    {
        string letters = string.Concat(alphabet.Order());
        var numbers = new Dictionary<T, int> { [start] = 0 };
        var order = new List<T> { start };
        var builder = new CharDfaBuilder();
        for (int i = 0; i < order.Count; i++)
        {
            var arcs = new List<CharArc>();
            foreach (char letter in letters)
            {
                if (step(order[i], letter) is not { } next)
                    continue;
                if (numbers.TryAdd(next, order.Count))
                    order.Add(next);
                arcs.Add(new CharArc(letter, letter, numbers[next]));
            }
            builder.Add([.. arcs], accepts(order[i]) ? 0 : CharDfa.Rejects);
        }
        return builder.Build();
    }
}
