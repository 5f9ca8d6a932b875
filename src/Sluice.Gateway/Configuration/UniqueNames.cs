using System.Buffers;

namespace Sluice.Gateway.Configuration;

/// <summary>The names of one kind of thing: no two alike, and none that a log line, a label or a URL would stumble over.</summary>
internal sealed class UniqueNames(string kind)
{
    private const int LongestChars = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/");

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <exception cref="ConfigException">It has no name, a strange one, or another's.</exception>
    public string Take(Section section)
    {
        string name = section.RequireText("name");
        if (name.Length > LongestChars || name.AsSpan().ContainsAnyExcept(Allowed))
            throw section.Error("name", $"at most {LongestChars} letters, digits and - _ . : /, not '{name}'");
        if (!_lines.TryAdd(name, section.Line))
            throw section.Error("name", $"there are two {kind}s called '{name}', the first on line {_lines[name]}");
        return name;
    }
}
