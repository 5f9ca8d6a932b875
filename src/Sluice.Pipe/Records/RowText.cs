using System.Text;

namespace Sluice.Pipe.Records;

/// <summary>One row of separated values as text, both ways.</summary>
public static class RowText
{
    /// <summary>The values of a row; whatever follows a closing quote is taken as it is.</summary>
    public static IReadOnlyList<string> Split(string row, char separator, bool quoted)
    {
        if (!quoted || !row.Contains('"', StringComparison.Ordinal))
            return row.Split(separator);
        var values = new List<string>();
        var value = new StringBuilder();
        bool open = false;
        for (int i = 0; i < row.Length; i++)
        {
            char c = row[i];
            if (open && c == '"' && i + 1 < row.Length && row[i + 1] == '"')
            {
                value.Append('"');
                i++;
            }
            else if (c == '"' && (open || value.Length == 0))
            {
                open = !open;
            }
            else if (c == separator && !open)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
            {
                value.Append(c);
            }
        }
        values.Add(value.ToString());
        return values;
    }

    /// <summary>A row without its end. Where nothing is quoted, line ends and separators within a value become spaces.</summary>
    public static string Join(IEnumerable<string> values, char separator, bool quoted) =>
        string.Join(separator, values.Select(value => quoted ? Quote(value, separator) : Flatten(value, separator)));

    private static string Quote(string value, char separator) =>
        value.AsSpan().IndexOfAny(separator, '"', '\n') >= 0 || value.Contains('\r', StringComparison.Ordinal)
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    private static string Flatten(string value, char separator) => OneLine.Of(value).Replace(separator, ' ');
}
