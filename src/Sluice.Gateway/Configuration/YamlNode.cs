namespace Sluice.Gateway.Configuration;

/// <summary>A piece of a YAML file that knows its line.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }

    /// <summary>The same text for the same content, wherever it stands.</summary>
    public abstract string Canonical { get; }

    /// <summary>The same, all of it on one line.</summary>
    public abstract YamlNode At(int line);
}

internal sealed record YamlScalar(int Line, string Text) : YamlNode(Line)
{
    public override string Kind => Text.Length == 0 ? "nothing" : "a single value";

    public override string Canonical => $"{Text.Length}'{Text}";

    public override YamlNode At(int line) => this with { Line = line };
}

internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string Kind => "a list";

    public override string Canonical => $"[{string.Join(',', Items.Select(item => item.Canonical))}]";

    public override YamlNode At(int line) => new YamlList(line, [.. Items.Select(item => item.At(line))]);
}

internal sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line)
{
    public override string Kind => "a mapping";

    public override string Canonical =>
        $"{{{string.Join(',', Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{entry.Value.Canonical}"))}}}";

    public override YamlNode At(int line) =>
        new YamlMap(line, [.. Entries.Select(entry => new YamlEntry(entry.Key, line, entry.Value.At(line)))]);
}

internal sealed record YamlEntry(string Key, int Line, YamlNode Value);
