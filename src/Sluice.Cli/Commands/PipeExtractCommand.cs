using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe extract</c>: fields of each record as JSON.</summary>
internal sealed class PipeExtractCommand
{
    private readonly PipeFlags _flags = new();
    private readonly Option<string?> _fields = Flag.Text("--fields", $"The fields: {FieldList.Form}.", "NAME[:TYPE],…", "-f");
    private readonly Option<string?> _schema = Flag.Text("--schema", "The JSON schema in this file, in place of a list of fields.", "FILE");

    public static Command Create(Terminal terminal)
    {
        var extract = new PipeExtractCommand();
        return extract._flags.Complete(terminal, extract.Plan, new CliCommand(
            "extract", "Finds fields in each record and writes them as JSON.",
            "sluice pipe extract -f name,age:int,city",
            "sluice pipe extract --schema person.schema.json -i jsonl -k .text -a .person")
        { extract._fields, extract._schema });
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        string? list = parsed.GetValue(_fields), file = parsed.GetValue(_schema);
        if (list is null == file is null)
            throw new UsageException("Say what to extract: either -f NAME,… or --schema FILE.");
        FieldList? fields = list is null ? null : FieldList.Parse(list);
        var shape = new SchemaShape(fields?.Schema.ToJsonString() ?? File.ReadAllText(file!));
        IReadOnlyList<string> names = fields?.Names ?? shape.Properties;
        string what = names.Count > 0 ? ListedLabels.Join(names, "and") : "the fields";
        Template prompt = Template.Parse($"Extract {what} as JSON.");
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: true);
        return source => new PipeWork(StageOf.Prompt(parsed, _flags, source, prompt, shape), writer);
    }
}
