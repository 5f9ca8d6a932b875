using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Models;
using Sluice.Cli.Streams;
using Sluice.Models.Files;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice model inspect</c>: what a model's files say.</summary>
internal sealed class InspectCommand
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = ModelArgument.One();
    private readonly Option<bool> _metadata = Flag.Switch("--metadata", "List the metadata too.");
    private readonly Option<bool> _tensors = Flag.Switch("--tensors", "List the tensors too.");
    private readonly Option<bool> _json = Flag.Switch("--json", "One JSON object.");

    private InspectCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var inspect = new InspectCommand(terminal);
        var command = new CliCommand("inspect", "Shows a model's shape, weights, tokenizer and chat template, and whether it runs here.",
            "sluice model inspect demo",
            "sluice model inspect model.gguf --metadata --tensors",
            "sluice model inspect ./qwen2.5-0.5b-instruct --json")
        { inspect._model, inspect._metadata, inspect._tensors, inspect._json };
        command.SetAction(inspect.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetValue(_model)!;
        ModelDescription model = await Progress.ShowAsync(_terminal, $"reading {name}", () => ModelDescription.Read(name));
        bool metadata = parsed.GetValue(_metadata), tensors = parsed.GetValue(_tensors);
        if (parsed.GetValue(_json))
        {
            _terminal.Out.WriteLine(JsonText.Write(writer => Write(writer, model, metadata, tensors)));
            return ExitCode.Done;
        }
        int width = model.Facts.Max(fact => fact.Name.Length);
        foreach (var (label, value) in model.Facts)
            _terminal.Out.WriteLine($"{label.Replace('_', ' ').PadRight(width)}  {value}");
        foreach (MetadataEntry entry in metadata ? model.Metadata : [])
            _terminal.Out.WriteLine($"{entry.Key}  {entry.Kind}  {entry.Value}");
        foreach (TensorInfo tensor in tensors ? model.Tensors : [])
            _terminal.Out.WriteLine($"{tensor.Name}  {tensor.Type}  [{string.Join(", ", tensor.Shape)}]");
        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter writer, ModelDescription model, bool metadata, bool tensors)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in model.Facts)
            value.Write(writer, name);
        if (metadata)
        {
            writer.WriteStartArray("metadata");
            foreach (MetadataEntry entry in model.Metadata)
            {
                writer.WriteStartObject();
                writer.WriteString("key", entry.Key);
                writer.WriteString("kind", entry.Kind);
                writer.WriteString("value", entry.Value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (tensors)
        {
            writer.WriteStartArray("tensors");
            foreach (TensorInfo tensor in model.Tensors)
            {
                writer.WriteStartObject();
                writer.WriteString("name", tensor.Name);
                writer.WriteString("type", tensor.Type.ToString());
                writer.WriteStartArray("shape");
                foreach (long size in tensor.Shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
