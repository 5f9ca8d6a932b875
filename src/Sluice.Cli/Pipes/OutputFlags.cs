using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;

namespace Sluice.Cli.Pipes;

/// <summary>What comes out, and where.</summary>
internal sealed class OutputFlags
{
    private readonly Option<OutputFormat?> _format = Flag.Choice("--output",
        "What comes out for each record; a line of text unless told otherwise.",
        ["-o"], ("text", OutputFormat.Text), ("jsonl", OutputFormat.JsonLines), ("csv", OutputFormat.Csv), ("tsv", OutputFormat.Tsv));

    private readonly Option<string?> _add = Flag.Text("--add",
        "Writes the answer into the record, as this field or column.", ".FIELD", "-a");

    private readonly Option<string?> _append = Flag.Text("--append",
        "Writes values into the record, comma-separated: answer or label, p (how likely it is), status.", "NAME,…");

    private readonly Option<OnFail?> _onFail = new("--on-fail")
    {
        Description = "What stands for a record that failed: an empty answer, nothing, the record, a text; or the run stops. " +
            "blank unless told otherwise.",
        HelpName = "blank|drop|pass|stop|mark=TEXT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            OnFail? found = text switch
            {
                "blank" => new OnFail(FailAction.Blank),
                "drop" => new OnFail(FailAction.Drop),
                "pass" => new OnFail(FailAction.Pass),
                "stop" => new OnFail(FailAction.Stop),
                _ when text.StartsWith("mark=", StringComparison.Ordinal) => new OnFail(FailAction.Mark, text["mark=".Length..]),
                _ => null,
            };
            if (found is null)
                result.AddError($"--on-fail takes blank, drop, pass, stop or mark=TEXT, not '{text}'.");
            return found;
        },
    };

    private readonly Option<string?> _file = Flag.Text("--output-file",
        "Writes to this file; with --journal and --resume it goes on where it was.",
        "FILE", "-O");

    private readonly Option<string?> _errors = Flag.Text("--errors", "Writes each record that failed here, as JSON lines.", "FILE");

    public void AddTo(Command command, bool shaped = true)
    {
        if (shaped)
        {
            command.Add(_format);
            command.Add(_add);
            command.Add(_append);
        }
        command.Add(_onFail);
        command.Add(_file);
        command.Add(_errors);
    }

    public OnFail ReadOnFail(ParseResult parsed) => parsed.GetValue(_onFail) ?? new OnFail(FailAction.Blank);

    public string? ReadFile(ParseResult parsed) => parsed.GetValue(_file);

    public string? ReadErrors(ParseResult parsed) => parsed.GetValue(_errors);

    /// <summary>The writer that the flags ask for.</summary>
    /// <param name="input">The input's format: what is added to a record comes out in that.</param>
    /// <param name="structured">Whether answers are JSON values.</param>
    /// <exception cref="UsageException">The flags do not go together.</exception>
    public IOutcomeWriter CreateWriter(ParseResult parsed, RecordFormat input, bool structured)
    {
        OnFail onFail = ReadOnFail(parsed);
        List<Addition> additions = ReadAdditions(parsed);
        OutputFormat format = parsed.GetValue(_format) ?? input switch
        {
            RecordFormat.JsonLines when additions.Count > 0 => OutputFormat.JsonLines,
            RecordFormat.Csv when additions.Count > 0 => OutputFormat.Csv,
            RecordFormat.Tsv when additions.Count > 0 => OutputFormat.Tsv,
            _ => OutputFormat.Text,
        };
        return format switch
        {
            OutputFormat.JsonLines => new JsonLinesWriter(onFail, additions, structured),
            OutputFormat.Csv => new RowWriter(onFail, additions, ',', quoted: true),
            OutputFormat.Tsv => new RowWriter(onFail, additions, '\t', quoted: false),
            _ => new AnswerTextWriter(onFail, additions, nul: input == RecordFormat.Nul),
        };
    }

    /// <summary>The writer of events, whose form is what it is.</summary>
    /// <exception cref="UsageException">Flags ask for another form.</exception>
    public IOutcomeWriter CreateEventWriter(ParseResult parsed)
    {
        bool formed = parsed.GetValue(_format) is not null || parsed.GetValue(_add) is not null || parsed.GetValue(_append) is not null;
        return formed || parsed.GetValue(_onFail) is { Action: not FailAction.Stop }
            ? throw new UsageException("--stream=jsonl has a form of its own: leave out -o, -a, --append and --on-fail.")
            : new EventWriter();
    }

    private List<Addition> ReadAdditions(ParseResult parsed)
    {
        var additions = new List<Addition>();
        if (parsed.GetValue(_add) is { } field)
        {
            if (field.Length < 2 || field[0] != '.')
                throw new UsageException($"-a takes .FIELD, such as .label, not '{field}'.");
            additions.Add(new Addition(field[1..], AddedValue.Answer));
        }
        foreach (string name in parsed.GetValue(_append)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            additions.Add(new Addition(name, name switch
            {
                "answer" or "label" => AddedValue.Answer,
                "p" => AddedValue.Probability,
                "status" => AddedValue.Status,
                _ => throw new UsageException($"--append takes answer, label, p and status, with commas between them, not '{name}'."),
            }));
        }
        return additions;
    }
}
