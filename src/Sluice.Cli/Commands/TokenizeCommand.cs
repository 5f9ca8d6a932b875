using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Models.Tokenizers;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice model tokenize</c>: text to ids.</summary>
internal sealed class TokenizeCommand
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One("A model, a tokenizer.json (.gz too) or a GGUF that holds only a vocabulary.");
    private readonly Option<string?> _text = Flag.Text("--text", "The text; without it and --file, standard input.", "S");
    private readonly Option<string?> _file = Flag.Text("--file", "The file that holds the text; - is standard input.", "F");
    private readonly Option<string?> _jsonl = Flag.Text("--jsonl", "A file of JSON strings, one a line; gives one array of ids a line. - is standard input.", "F");
    private readonly Option<bool> _noSpecial = Flag.Switch("--no-special", "Add no BOS or EOS; in a GGUF's text, names of special tokens are plain text too.");
    private readonly Option<bool> _json = Flag.Switch("--json", "A JSON array instead of ids with blanks between them.");

    private TokenizeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var tokenize = new TokenizeCommand(terminal);
        var command = new CliCommand("tokenize", "Writes the token ids of a text.",
            "sluice model tokenize demo --text \"Hello world\"",
            "sluice model tokenize tokenizer.json --file book.txt --no-special --json",
            "sluice model tokenize model.gguf --jsonl texts.jsonl")
        { tokenize._model, tokenize._text, tokenize._file, tokenize._jsonl, tokenize._noSpecial, tokenize._json };
        command.SetAction(tokenize.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? text = parsed.GetValue(_text), file = parsed.GetValue(_file), jsonl = parsed.GetValue(_jsonl);
        if (new[] { text, file, jsonl }.Count(given => given is not null) > 1)
            throw new UsageException("Give one of --text, --file and --jsonl.");
        string model = parsed.GetValue(_model)!;
        var opened = await Progress.ShowAsync(_terminal, $"loading {model}", () => ModelText.Open(model));
        ITokenizer tokenizer = opened.RequireTokenizer();
        EncodeOptions options = parsed.GetValue(_noSpecial)
            ? new EncodeOptions(AddSpecial: false, ParseSpecial: opened.AlwaysParsesSpecial)
            : new EncodeOptions(AddSpecial: true, ParseSpecial: true);
        if (jsonl is not null)
            return await JsonLines.RunAsync(_terminal, jsonl, (value, writer) => WriteIds(writer, Encode(tokenizer, TextOf(value), options)), cancellation);

        List<int> ids = Encode(tokenizer, text ?? await _terminal.ReadTextAsync(file, "There is no text: give --text S or --file F, or pipe it in.", cancellation), options);
        _terminal.Out.WriteLine(parsed.GetValue(_json) ? JsonText.Write(writer => WriteIds(writer, ids)) : string.Join(' ', ids));
        return ExitCode.Done;
    }

    private static string TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw new JsonException($"expected a JSON string, not {value.ValueKind}");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("the string has half a surrogate pair", e);
        }
    }

    private static List<int> Encode(ITokenizer tokenizer, string text, EncodeOptions options)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, options, ids);
        return ids;
    }

    private static void WriteIds(Utf8JsonWriter writer, List<int> ids)
    {
        writer.WriteStartArray();
        foreach (int id in ids)
            writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }
}
