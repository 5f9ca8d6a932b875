using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Local;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice model logits</c>: what the model computes, number by number.</summary>
internal sealed class LogitsCommand
{
    /// <summary>Tokens per step: enough to be fast, few enough that the logits of a step stay small.</summary>
    private const int Chunk = 64;

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<int[]> _ids = Flag.Integers("--ids", "Token ids, taken as they are: nothing is added.", 0, int.MaxValue);
    private readonly Option<DType?> _kv = EngineFlags.KvType("f32");
    private readonly AdapterFlags _adapter = new();
    private readonly Option<bool> _json = Flag.Switch("--json", "JSON, one object a line: the only form there is.");

    private LogitsCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var logits = new LogitsCommand(terminal);
        var command = new CliCommand("logits", "Writes {\"pos\":i,\"logits\":[…]} for every position of some token ids, over the full vocabulary.",
            "sluice model logits demo --ids 1,2,3",
            "sluice model logits model.gguf --ids 1,15043,3186 --kv f16 --json")
        { logits._model, logits._ids, logits._kv, logits._json };
        logits._ids.Required = true;
        logits._adapter.AddTo(command);
        command.SetAction(logits.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetValue(_model)!;
        var options = LocalModelOptions.Single() with { Adapters = _adapter.Read(parsed) };
        using var model = await Progress.ShowAsync(_terminal, $"loading {name}", () => LocalModel.Open(name, options));
        model.ComputeLogits(
            model.Adapters is [var adapter] ? adapter.Name : null, parsed.GetValue(_kv) ?? DType.F32, parsed.GetValue(_ids), Chunk, Write,
            cancellation);
        return ExitCode.Done;
    }

    private void Write(int position, float[] logits)
    {
        int notFinite = logits.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (notFinite >= 0) // which JSON cannot say
            throw new SluiceException($"the logit of token {notFinite} at position {position} is {logits[notFinite]}: the weights are damaged or overflow");
        _terminal.Out.WriteLine(JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("pos", position);
            writer.WriteStartArray("logits");
            foreach (float logit in logits)
                writer.WriteNumberValue(logit);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }
}
