namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>What a match of a pattern can begin with, so that most alternatives are ruled out by one look at one byte.</summary>
internal static class FirstBytes
{
    /// <summary>Entry for every byte above ASCII.</summary>
    public const int BeyondAscii = 128;

    /// <summary>Entry for the end of the text.</summary>
    public const int End = 129;

    public const int Entries = 130;

    /// <summary>Entries a match of <paramref name="node"/> can begin at; all of them if it can be empty.</summary>
    public static bool[] Of(PatternNode node)
    {
        var entries = new bool[Entries];
        if (node.IsNullable)
            Array.Fill(entries, true);
        else
            Collect(node, entries);
        return entries;
    }

    private static void Collect(PatternNode node, bool[] entries)
    {
        switch (node)
        {
            case PatternNode.One one:
                for (int b = 0; b < BeyondAscii; b++)
                    entries[b] |= one.Set.Contains(b);
                entries[BeyondAscii] |= one.Set.MayReachBeyondAscii;
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Collect(part, entries);
                    if (!part.IsNullable)
                        break;
                }
                break;
            case PatternNode.Choice choice:
                foreach (var option in choice.Options)
                    Collect(option, entries);
                break;
            case PatternNode.Repeat repeat:
                Collect(repeat.Body, entries);
                break;
        }
    }
}
