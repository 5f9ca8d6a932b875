using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <summary>
/// Refuses by name whatever in an <c>adapter_config.json</c> would make the adapter compute something else than
/// <c>W x + scale · B (A x)</c>.
/// </summary>
internal static class PeftRefusals
{
    private const string Instead = "merge it into its base with PEFT, or take an adapter without it";

    private static readonly string[] Flags = ["use_dora", "lora_bias", "use_qalora", "use_bdlora"];

    private static readonly string[] Lists =
        ["modules_to_save", "layer_replication", "trainable_token_indices", "target_parameters", "alora_invocation_tokens"];

    // Ways to begin that take something out of the base's weights.
    private static readonly string[] ResidualStarts = ["pissa", "olora", "corda", "loftq", "lora_ga"];

    /// <exception cref="UnsupportedModelException">Names the first such field.</exception>
    public static void Check(JsonFields fields)
    {
        string type = fields.RequireString("peft_type");
        if (!type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
            throw Unsupported("peft_type", $"is {Printable.Quote(type)}; only LORA adapters are supported");
        if (fields.String("task_type") is { } task && task is not ("CAUSAL_LM" or "FEATURE_EXTRACTION"))
            throw Unsupported("task_type", $"is {Printable.Quote(task)}; only adapters of CAUSAL_LM models are supported");
        if (fields.String("bias") is { } bias && bias != "none")
            throw Unsupported("bias", $"is {Printable.Quote(bias)}: adapted biases are not supported; {Instead}");
        if (Array.Find(Flags, name => fields.Kind(name) == JsonValueKind.True) is { } flag)
            throw Unsupported(flag, $"is on, which is not supported; {Instead}");
        if (Array.Find(Lists, name => !IsEmpty(fields, name)) is { } list)
        {
            string value = Printable.Shorten(fields.Root.GetProperty(list).GetRawText());
            throw Unsupported(list, $"has {value}, which is not supported; {Instead}");
        }
        if (fields.Kind("init_lora_weights") == JsonValueKind.String && fields.String("init_lora_weights") is { } start &&
            ResidualStarts.Any(known => start.StartsWith(known, StringComparison.OrdinalIgnoreCase)))
        {
            throw Unsupported(
                "init_lora_weights", $"is {Printable.Quote(start)}, which changes the base's weights too; save it as a plain LoRA first");
        }

        UnsupportedModelException Unsupported(string name, string problem) => new(fields.Path, $"field '{name}' {problem}");
    }

    private static bool IsEmpty(JsonFields fields, string name)
    {
        if (!fields.Root.TryGetProperty(name, out var value))
            return true;
        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            _ => false,
        };
    }
}
