using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Pipe.Shapes;

namespace Sluice.Cli.Pipes;

/// <summary>What answers have to look like.</summary>
internal sealed class ShapeFlags
{
    private readonly Option<string?> _schema = Flag.Text("--schema", "Answers are JSON that follows the JSON schema in this file.", "FILE");
    private readonly Option<string?> _choices = Flag.Text("--choices", "Answers are one of these, with commas between them.", "A,B,…");
    private readonly Option<string?> _regex = Flag.Text("--regex", "Answers match this regular expression as a whole.", "REGEX");

    public void AddTo(Command command)
    {
        command.Add(_schema);
        command.Add(_choices);
        command.Add(_regex);
    }

    /// <summary>The shape that is asked for; null where none is.</summary>
    public IShape? Read(ParseResult parsed)
    {
        string? schema = parsed.GetValue(_schema), choices = parsed.GetValue(_choices), regex = parsed.GetValue(_regex);
        if (new[] { schema, choices, regex }.Count(flag => flag is not null) > 1)
            throw new UsageException("--schema, --choices and --regex exclude each other.");
        return schema is not null ? new SchemaShape(File.ReadAllText(schema))
            : choices is not null ? new ChoicesShape(choices.Split(',', StringSplitOptions.TrimEntries), asSchema: true)
            : regex is not null ? new RegexShape(regex)
            : null;
    }
}
