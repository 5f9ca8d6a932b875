namespace Sluice.Models.Answers.Reading;

/// <summary>Looks for the first of several marks in a text, and never gives away the beginning of one.</summary>
internal static class Scan
{
    /// <summary>No mark came before the end.</summary>
    public const int None = -1;

    /// <summary>Reads up to behind the first mark that is accepted; where one mark begins another, the longer is taken.</summary>
    /// <param name="give">Takes what is before it.</param>
    /// <param name="accepts">Whether a mark counts in its place; what does not is text.</param>
    /// <returns>Which mark it was.</returns>
    public static async ReadTask<int> ForAsync(AnswerText text, IReadOnlyList<string> marks, Action<char> give, Func<int, bool>? accepts = null)
    {
        string pending = "";
        int met = None;
        for (; ; )
        {
            int next = await text.Peek();
            if (pending.Length == 0 && next != AnswerText.End && !BeginsWith(marks, (char)next))
            {
                text.Skip();
                give((char)next);
                continue;
            }
            string longer = next == AnswerText.End ? pending : pending + (char)next;
            if (next != AnswerText.End && Begins(marks, longer))
            {
                text.Skip();
                pending = longer;
                int whole = Find(marks, pending);
                if (whole >= 0 && accepts?.Invoke(whole) != false)
                    met = whole;
                if (met < 0 || !IsLast(marks, pending))
                    continue;
            }
            if (met >= 0)
            {
                text.Unread(pending[marks[met].Length..]);
                return met;
            }
            if (pending.Length == 0)
                return None;
            give(pending[0]);
            text.Unread(pending[1..]);
            pending = "";
        }
    }

    private static int Find(IReadOnlyList<string> marks, string text)
    {
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i] == text)
                return i;
        }
        return None;
    }

    private static bool BeginsWith(IReadOnlyList<string> marks, char first)
    {
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i][0] == first)
                return true;
        }
        return false;
    }

    private static bool Begins(IReadOnlyList<string> marks, string text)
    {
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i].StartsWith(text, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>Whether no mark goes on from here.</summary>
    private static bool IsLast(IReadOnlyList<string> marks, string text)
    {
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i].Length > text.Length && marks[i].StartsWith(text, StringComparison.Ordinal))
                return false;
        }
        return true;
    }
}
