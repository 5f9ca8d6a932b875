using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Answers;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Local;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice run</c>: one generation, streamed.</summary>
internal sealed class RunCommand
{
    private const string NoPrompt = "There is no prompt: give -p PROMPT or pipe one in.";

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<string?> _prompt = Flag.Text("-p", "The prompt; without it, standard input.", "PROMPT", "--prompt");
    private readonly Option<string?> _system = Flag.Text("--system", "What the model shall be or do.", "TEXT");
    private readonly Option<bool> _raw = Flag.Switch("--raw", "No chat template: continue the text; only the text itself is written.");
    private readonly Option<bool> _json = Flag.Switch("--json", "One JSON object at the end instead of text as it comes.");
    private readonly GenerationFlags _generation = new();
    private readonly FormatFlags _format = new();
    private readonly EngineFlags _engine = new();
    private readonly AdapterFlags _adapter = new();

    private RunCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var run = new RunCommand(terminal);
        var command = new CliCommand("run", "Answers one prompt, streamed to standard output; statistics go to standard error.",
            "sluice run -p \"Tell me a story about a fox\"",
            "sluice run --system \"Classify the text as bug, billing or other.\" -p \"The page crashes when I click save.\"",
            "sluice run --system \"Extract name, age and city as JSON.\" -p \"Maria is 34 years old and lives in Lisbon.\" --json",
            "sluice run --choices bug,billing,other -p \"Is this about a bug, billing or something else? I was charged twice.\"",
            "echo \"What is the capital of Portugal?\" | sluice run",
            "sluice run model.gguf --raw -p \"Once upon a time\" -n 100 --temp 0",
            "sluice run -p \"Tell me a story about a fox\" --draft demo-draft")
        { run._model, run._prompt, run._system, run._raw, run._json };
        run._generation.AddTo(command);
        run._format.AddTo(command);
        run._engine.AddTo(command);
        run._adapter.AddTo(command);
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        bool raw = parsed.GetValue(_raw), json = parsed.GetValue(_json);
        string? system = parsed.GetValue(_system);
        if (raw && system is not null)
            throw new UsageException("--raw has no roles: put what --system says into the prompt.");
        if (raw && _generation.BoundsThinking(parsed))
            throw new UsageException("--raw continues a text as it is: --no-think and --think-budget are for conversations.");
        AnswerFormat? format = _format.Read(parsed);
        string prompt = parsed.GetValue(_prompt) ?? await ReadPromptAsync(cancellation);

        using var opened = await OpenModel.OpenAsync(_terminal, parsed.GetValue(_model)!, _engine, _adapter.Read(parsed), parsed);
        if (parsed.GetValue<bool>(CommandLine.Verbose))
            _terminal.Say(EngineSummary.Of(opened.Model));
        LocalSource source = opened.CreateSource();
        string asked = source.Info.Models[^1]; // the adapter, where there is one
        CompletionRequest settings = _generation.Read(parsed, asked) with { Format = format };
        Request request = raw
            ? RequestWriter.Raw(settings, prompt)
            : RequestWriter.Chat(settings, system is null ? [("user", prompt)] : [("system", system), ("user", prompt)]);
        Action<string> show = json ? Nothing : _terminal.Write;
        Answer answer = await AnswerReader.ReadAsync(source, request, show, new ThoughtWriter(_terminal), cancellation);
        if (json)
            _terminal.Out.WriteLine(JsonText.Write(writer => WriteAnswer(writer, settings, answer)));
        else
            Finish(answer, raw);
        return ExitCode.Done;
    }

    private async Task<string> ReadPromptAsync(CancellationToken cancellation)
    {
        string text = await _terminal.ReadTextAsync(null, NoPrompt, cancellation);
        // As the shell does: the end of the last line is no part of the text.
        text = text.EndsWith('\n') ? text[..^1] : text;
        return text.Length > 0 ? text : throw new UsageException(NoPrompt);
    }

    /// <summary>Ends the last line, except where the bytes may be compared with something.</summary>
    private void Finish(Answer answer, bool raw)
    {
        if (!answer.Text.EndsWith('\n') && (!raw || _terminal.OutIsTerminal))
            _terminal.Write("\n");
        _terminal.Say(answer.Statistics);
    }

    private static void WriteAnswer(Utf8JsonWriter writer, CompletionRequest settings, Answer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("model", settings.Model);
        writer.WriteString("text", answer.Text);
        writer.WriteString("finish_reason", answer.FinishReason);
        writer.WriteNumber("seed", settings.Seed!.Value);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", answer.Usage.PromptTokens);
        writer.WriteNumber("completion_tokens", answer.Usage.CompletionTokens);
        writer.WriteNumber("total_tokens", answer.Usage.TotalTokens);
        writer.WriteNumber("accepted_prediction_tokens", answer.Usage.AcceptedPredictionTokens);
        writer.WriteNumber("rejected_prediction_tokens", answer.Usage.RejectedPredictionTokens);
        writer.WriteEndObject();
        writer.WriteNumber("first_token_ms", Math.Round(answer.FirstToken.TotalMilliseconds, 2));
        writer.WriteNumber("prefill_tps", Math.Round(answer.PrefillTps, 2));
        writer.WriteNumber("decode_tps", Math.Round(answer.DecodeTps, 2));
        writer.WriteEndObject();
    }

    private static void Nothing(string text)
    {
        // With --json all of it comes at the end.
    }
}
