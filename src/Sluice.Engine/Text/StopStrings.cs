namespace Sluice.Engine.Text;

/// <summary>
/// Watches a stream of text for strings that end it. Text that may be the beginning of one is held back until that is decided. For one
/// stream.
/// </summary>
internal sealed class StopStrings(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>The stop string that was met; null until then.</summary>
    public string? Met { get; private set; }

    /// <summary>Takes a piece; returns what is certain to come before any stop string.</summary>
    /// <param name="stopped">Whether a stop string was met; it and what follows are dropped.</param>
    public string Append(string piece, out bool stopped)
    {
        stopped = false;
        if (stops.Count == 0)
            return piece;
        string text = _held + piece;
        int end = FirstStop(text);
        if (end >= 0)
        {
            stopped = true;
            _held = "";
            return text[..end];
        }
        int hold = LongestBeginning(text);
        _held = text[(text.Length - hold)..];
        return text[..(text.Length - hold)];
    }

    /// <summary>What was held back when the stream ended otherwise.</summary>
    public string Flush()
    {
        string rest = _held;
        _held = "";
        return rest;
    }

    private int FirstStop(string text)
    {
        int first = -1;
        foreach (string stop in stops)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first))
                (first, Met) = (at, stop);
        }
        return first;
    }

    /// <summary>Length of the longest end of <paramref name="text"/> with which a stop string begins.</summary>
    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in stops)
        {
            for (int n = Math.Min(stop.Length - 1, text.Length); n > longest; n--)
            {
                if (text.AsSpan(text.Length - n).SequenceEqual(stop.AsSpan(0, n)))
                    longest = n;
            }
        }
        return longest;
    }
}
