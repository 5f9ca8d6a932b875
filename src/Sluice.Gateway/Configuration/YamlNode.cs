namespace Sluice.Gateway.Configuration;

/// <summary>A piece of a YAML file that knows its line.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

internal sealed record YamlScalar(int Line, string Text) : YamlNode(Line)
{
    public override string Kind => Text.Length == 0 ? "nothing" : "a single value";
}

internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line)
{
    public override string Kind => "a mapping";
}

internal sealed record YamlEntry(string Key, int Line, YamlNode Value);
