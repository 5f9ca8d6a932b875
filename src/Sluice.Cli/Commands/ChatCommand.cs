using System.CommandLine;
using Sluice.Cli.Answers;
using Sluice.Cli.Flags;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Local;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice chat</c>: a conversation, one line a turn.</summary>
internal sealed class ChatCommand
{
    private const string Exit = "/exit";
    private const string Reset = "/reset";

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<string?> _system = Flag.Text("--system", "What the model shall be or do.", "TEXT");
    private readonly GenerationFlags _generation = new();
    private readonly EngineFlags _engine = new();
    private readonly AdapterFlags _adapter = new();

    private ChatCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var chat = new ChatCommand(terminal);
        var command = new CliCommand("chat",
            $"A conversation in the terminal: one line a turn; {Reset} forgets it, {Exit} or the end of the input ends it.",
            "sluice chat",
            "sluice chat --system \"Answer in one sentence.\"",
            "sluice chat model.gguf --temp 0.7 --top-p 0.9")
        { chat._model, chat._system };
        chat._generation.AddTo(command);
        chat._engine.AddTo(command);
        chat._adapter.AddTo(command);
        command.SetAction(chat.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var opened = await OpenModel.OpenAsync(_terminal, parsed.GetValue(_model)!, _engine, _adapter.Read(parsed), parsed);
        LocalSource source = opened.CreateSource();
        CompletionRequest settings = _generation.Read(parsed, source.Info.Models[^1]); // the adapter, where there is one
        if (_terminal.InIsTerminal)
            _terminal.Say($"{source.Info.Name}: {Reset} forgets the conversation, {Exit} ends it.");
        var messages = Begin(parsed);
        while (await ReadTurnAsync(cancellation) is { } turn)
        {
            if (turn == Reset)
            {
                messages = Begin(parsed);
                continue;
            }
            messages.Add(("user", turn));
            Answer answer = await AskAsync(source, RequestWriter.Chat(settings, messages), cancellation);
            messages.Add(("assistant", answer.Text));
        }
        cancellation.ThrowIfCancellationRequested();
        return ExitCode.Done;
    }

    private async Task<Answer> AskAsync(LocalSource source, Request request, CancellationToken cancellation)
    {
        Answer answer = await AnswerReader.ReadAsync(source, request, _terminal.Write, new ThoughtWriter(_terminal), cancellation);
        _terminal.Write(answer.Text.EndsWith('\n') ? "" : "\n");
        if (_terminal.InIsTerminal)
            _terminal.Say(answer.Statistics);
        return answer;
    }

    /// <summary>The next line that says something; null at the end of the conversation.</summary>
    private async Task<string?> ReadTurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_terminal.InIsTerminal)
                _terminal.Error.Write("> ");
            // The read itself cannot be cancelled, so it is left behind on Ctrl-C.
            string? line = await Task.Run(_terminal.In.ReadLine, cancellation).WaitAsync(cancellation);
            if (line is null or Exit)
                return null;
            if (!string.IsNullOrWhiteSpace(line))
                return line;
        }
    }

    private List<(string Role, string Content)> Begin(ParseResult parsed) =>
        parsed.GetValue(_system) is { } system ? [("system", system)] : [];
}
