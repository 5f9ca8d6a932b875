using System.CommandLine;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Flags;

/// <summary>What the answer must be; one of them at the most.</summary>
internal sealed class FormatFlags
{
    private readonly Option<string?> _schema = Flag.Text("--schema", "The answer is JSON that this JSON Schema calls valid.", "FILE");
    private readonly Option<string?> _regex =
        Flag.Text("--regex", "The answer is a text that this regular expression matches as a whole.", "REGEX");
    private readonly Option<string?> _grammar =
        Flag.Text("--grammar", "The answer is a text of this grammar, in llama.cpp's GBNF.", "FILE");
    private readonly Option<string?> _choices = Flag.Text("--choices", "The answer is one of these, separated by commas.", "A,B,…");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _schema, _regex, _grammar, _choices })
            command.Add(option);
    }

    /// <exception cref="UsageException">More than one is given, or a file cannot be read.</exception>
    public AnswerFormat? Read(ParseResult parsed)
    {
        AnswerFormat?[] given =
        [
            parsed.GetValue(_schema) is { } schema ? new AnswerFormat.JsonSchema(Text(schema, "--schema"), "json_schema") : null,
            parsed.GetValue(_regex) is { } regex ? new AnswerFormat.Regex(regex, "regex") : null,
            parsed.GetValue(_grammar) is { } grammar ? new AnswerFormat.Grammar(Text(grammar, "--grammar"), "grammar") : null,
            parsed.GetValue(_choices) is { } choices ? new AnswerFormat.Choices(choices.Split(','), "choices") : null,
        ];
        return given.Count(format => format is not null) <= 1
            ? Array.Find(given, format => format is not null)
            : throw new UsageException("--schema, --regex, --grammar and --choices each say what the answer must be: give one of them.");
    }

    private static string Text(string path, string option)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {path}: {e.Message}");
        }
    }
}
