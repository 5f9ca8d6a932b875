using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// Reads the part of YAML that a configuration needs: mappings, lists and single values. Anchors, tags and further documents are
/// refused, so that a file is as large as it looks.
/// </summary>
/// <param name="path">For messages, and as the base of what the file names by relative paths.</param>
internal sealed class YamlFile(string path)
{
    private const int MaxChars = 4 << 20;
    private const int MaxDepth = 16;

    private readonly List<string> _variables = [];

    public string Path { get; } = path;

    public string Folder { get; } = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    /// <exception cref="ConfigException">It is no YAML, or more of YAML than is read here.</exception>
    public YamlNode Parse(string text)
    {
        if (text.Length > MaxChars)
            throw Error(1, $"a configuration has at most {MaxChars >> 20} MB");
        try
        {
            var events = new Parser(new StringReader(text));
            events.Consume<StreamStart>();
            if (events.Accept<StreamEnd>(out _))
                return new YamlMap(1, []);
            events.Consume<DocumentStart>();
            YamlNode root = Read(events, depth: 0);
            events.Consume<DocumentEnd>();
            return events.Accept<StreamEnd>(out _) ? root : throw Error(LineOf(events.Current), "one file holds one document");
        }
        catch (YamlException broken)
        {
            throw new ConfigException(Path, (int)broken.Start.Line, $"this is no YAML: {broken.Message}", broken);
        }
    }

    /// <summary>The value of an environment variable, as it might stand in the file; its nodes have a line by which it is named.</summary>
    /// <exception cref="ConfigException">It is no YAML.</exception>
    public YamlNode ParseVariable(string name, string value)
    {
        _variables.Add(name);
        return new YamlFile(name).Parse(value).At(-_variables.Count);
    }

    /// <param name="line">Of the file; negative where an environment variable said it.</param>
    public ConfigException Error(int line, string problem) =>
        line < 0 ? new ConfigException(_variables[-line - 1], 1, problem) : new ConfigException(Path, line, problem);

    private static int LineOf(ParsingEvent? e) => (int)(e?.Start.Line ?? 1);

    private YamlNode Read(Parser events, int depth)
    {
        ParsingEvent next = events.Consume<ParsingEvent>();
        int line = LineOf(next);
        if (depth > MaxDepth)
            throw Error(line, $"nested deeper than {MaxDepth} levels");
        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw Error(line, "anchors and aliases are not read: write it out");
        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw Error(line, "tags are not read: leave it out");
        return next switch
        {
            Scalar scalar => new YamlScalar(line, scalar.Value),
            SequenceStart => ReadList(events, line, depth),
            MappingStart => ReadMap(events, line, depth),
            _ => throw Error(line, "a value is missing here"),
        };
    }

    private YamlList ReadList(Parser events, int line, int depth)
    {
        var items = new List<YamlNode>();
        while (!events.TryConsume<SequenceEnd>(out _))
            items.Add(Read(events, depth + 1));
        return new YamlList(line, items);
    }

    private YamlMap ReadMap(Parser events, int line, int depth)
    {
        var entries = new List<YamlEntry>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!events.TryConsume<MappingEnd>(out _))
        {
            if (Read(events, depth + 1) is not YamlScalar key)
                throw Error(line, "a key is a single value");
            if (!known.TryAdd(key.Text, key.Line))
                throw Error(key.Line, $"'{key.Text}' stands here twice, first on line {known[key.Text]}");
            entries.Add(new YamlEntry(key.Text, key.Line, Read(events, depth + 1)));
        }
        return new YamlMap(line, entries);
    }
}
