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

    private readonly Option<string?> _grammar = Flag.Text("--grammar",
        "Answers are texts of the grammar in this file, in llama.cpp's GBNF; for models in this process.", "FILE");

    public void AddTo(Command command)
    {
        command.Add(_schema);
        command.Add(_choices);
        command.Add(_regex);
        command.Add(_grammar);
    }

    /// <summary>Whether answers are JSON values.</summary>
    public bool IsStructured(ParseResult parsed) => parsed.GetValue(_schema) is not null;

    /// <summary>The shape that is asked for, in the form that a source understands; null where none is.</summary>
    public Func<WireForm, IShape>? Read(ParseResult parsed)
    {
        string? schema = parsed.GetValue(_schema), choices = parsed.GetValue(_choices);
        string? regex = parsed.GetValue(_regex), grammar = parsed.GetValue(_grammar);
        if (new[] { schema, choices, regex, grammar }.Count(flag => flag is not null) > 1)
            throw new UsageException("--schema, --choices, --regex and --grammar exclude each other.");
        Func<WireForm, IShape>? make = schema is not null ? Always(new SchemaShape(File.ReadAllText(schema)))
            : choices is not null ? form => new ChoicesShape(choices.Split(',', StringSplitOptions.TrimEntries), form)
            : regex is not null ? form => new RegexShape(regex, form)
            : grammar is not null ? Grammar(File.ReadAllText(grammar))
            : null;
        make?.Invoke(WireForm.None); // refuses what is none, before anything is opened
        return make;
    }

    private static Func<WireForm, IShape> Grammar(string text) => form => form == WireForm.Schema
        ? throw new UsageException("--grammar takes a model in this process: elsewhere say by --schema or --choices what is wanted.")
        : new GrammarShape(text);

    private static Func<WireForm, IShape> Always(IShape shape) => _ => shape;
}
