using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Models;

/// <summary>What a model's makers recommend for sampling; null where they say nothing.</summary>
public sealed record GenerationDefaults(
    float? Temperature, int? TopK, float? TopP, float? MinP, float? RepetitionPenalty, IReadOnlyList<int> EndTokens)
{
    public static GenerationDefaults None { get; } = new(null, null, null, null, null, []);

    /// <summary>generation_config.json. One that says not to sample asks for temperature 0.</summary>
    /// <exception cref="ModelFileException">A value is out of its range.</exception>
    public static GenerationDefaults From(JsonFields fields) => Checked(fields.Path, new(
        fields.Bool("do_sample") == false ? 0 : (float?)fields.Float("temperature"), ToInt(fields.Integer("top_k")), (float?)fields.Float("top_p"),
        (float?)fields.Float("min_p"), (float?)fields.Float("repetition_penalty"), fields.Integers("eos_token_id") ?? []));

    /// <summary>A generation_config.json in the same folder as a GGUF file; null where there is none.</summary>
    public static GenerationDefaults? Beside(string modelFile)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelFile))!, "generation_config.json");
        return File.Exists(path) ? From(JsonFields.Read(path)) : null;
    }

    /// <summary>The keys under general.sampling that newer GGUFs carry.</summary>
    /// <exception cref="ModelFileException">A value is out of its range.</exception>
    public static GenerationDefaults FromGguf(GgufMetadata metadata) => Checked(metadata.Path, new(
        (float?)metadata.Float("general.sampling.temp"), ToInt(metadata.Integer("general.sampling.top_k")),
        (float?)metadata.Float("general.sampling.top_p"), (float?)metadata.Float("general.sampling.min_p"),
        (float?)metadata.Float("general.sampling.penalty_repeat"), []));

    /// <summary>Some files write -1 for "off".</summary>
    private static int? ToInt(long? topK) => topK is { } k ? (int)Math.Clamp(k, 0, int.MaxValue) : null;

    private static GenerationDefaults Checked(string path, GenerationDefaults defaults)
    {
        Check("temperature", defaults.Temperature, 0, 100);
        Check("top_p", defaults.TopP, 0, 1);
        Check("min_p", defaults.MinP, 0, 1);
        Check("repetition penalty", defaults.RepetitionPenalty, 0.01f, 100);
        return defaults;

        void Check(string name, float? value, float least, float most)
        {
            if (value is { } v && !(v >= least && v <= most))
                throw new ModelFileException(path, $"the recommended {name} is {v}; it must be between {least} and {most}");
        }
    }
}
