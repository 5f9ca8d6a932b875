using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;
using Sluice.Models.Templates;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice model template</c>: a conversation to the prompt that the model sees.</summary>
internal sealed class TemplateCommand
{
    private const string NoMessages = "Give one of --messages F and --jsonl F.";

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One("A model, or a bare .jinja file.");
    private readonly Option<string?> _messages = Flag.Text(
        "--messages", "A JSON file: the array of messages, or a whole context object (messages, tools, add_generation_prompt, continue_final_message, enable_thinking, bos_token …). - is standard input.", "F");
    private readonly Option<string?> _jsonl = Flag.Text("--jsonl", "A file of such values, one a line; gives one JSON string a line. - is standard input.", "F");
    private readonly Option<DateTimeOffset?> _now = new("--now")
    {
        Description = "What the template takes for the time, in ISO 8601.",
        HelpName = "ISO8601",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset now))
                return now;
            result.AddError($"--now takes a time such as 2026-07-10T12:00:00Z, not '{text}'.");
            return null;
        },
    };

    private TemplateCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var template = new TemplateCommand(terminal);
        var command = new CliCommand("template", "Writes the prompt that a chat template makes of a conversation.",
            "sluice model template demo --messages messages.json",
            "sluice model template chat.jinja --messages context.json --now 2026-07-10T12:00:00Z",
            "sluice model template model.gguf --jsonl conversations.jsonl")
        { template._model, template._messages, template._jsonl, template._now };
        command.SetAction(template.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? messages = parsed.GetValue(_messages), jsonl = parsed.GetValue(_jsonl);
        if (messages is null == jsonl is null)
            throw new UsageException(NoMessages);
        string model = parsed.GetValue(_model)!;
        ModelText text = await Progress.ShowAsync(_terminal, $"loading {model}", () => ModelText.Open(model));
        ChatTemplate template = text.CompileTemplate();
        var specialTokens = text.Tokenizer is { } tokenizer ? SpecialTokenVariables.Of(tokenizer) : new Dictionary<string, string>();
        TimeProvider clock = parsed.GetValue(_now) is { } now ? new FixedClock(now) : TimeProvider.System;
        if (jsonl is not null)
            return await JsonLines.RunAsync(_terminal, jsonl, (value, writer) => writer.WriteStringValue(Render(template, value, specialTokens, clock)), cancellation);

        using JsonDocument context = Parse(messages!, await _terminal.ReadTextAsync(messages, NoMessages, cancellation));
        _terminal.Write(Render(template, context.RootElement, specialTokens, clock));
        return ExitCode.Done;
    }

    private static JsonDocument Parse(string path, string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new SluiceException($"{path}: not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Messages alone ask for a prompt that the model answers; a context object says itself what it wants.</summary>
    private static string Render(ChatTemplate template, JsonElement value, IReadOnlyDictionary<string, string> specialTokens, TimeProvider clock)
    {
        var format = new ChatFormat(template, specialTokens);
        return value.ValueKind == JsonValueKind.Array
            ? format.Render(new ChatPrompt { Messages = [.. value.EnumerateArray()] }, clock)
            : format.Render(value, clock);
    }
}
