using Sluice.Models.Files;

namespace Sluice.Models;

/// <summary>What a model's makers recommend for sampling; null where they say nothing.</summary>
public sealed record GenerationDefaults(
    float? Temperature, int? TopK, float? TopP, float? MinP, float? RepetitionPenalty, IReadOnlyList<int> EndTokens)
{
    public static GenerationDefaults None { get; } = new(null, null, null, null, null, []);

    /// <summary>generation_config.json. One that says not to sample asks for temperature 0.</summary>
    public static GenerationDefaults From(JsonFields fields) => new(
        fields.Bool("do_sample") == false ? 0 : (float?)fields.Float("temperature"), (int?)fields.Integer("top_k"), (float?)fields.Float("top_p"),
        (float?)fields.Float("min_p"), (float?)fields.Float("repetition_penalty"), fields.Integers("eos_token_id") ?? []);

    /// <summary>A generation_config.json in the same folder as a GGUF file; null where there is none.</summary>
    public static GenerationDefaults? Beside(string modelFile)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelFile))!, "generation_config.json");
        return File.Exists(path) ? From(JsonFields.Read(path)) : null;
    }

    /// <summary>The keys under general.sampling that newer GGUFs carry.</summary>
    public static GenerationDefaults FromGguf(GgufMetadata metadata) => new(
        (float?)metadata.Float("general.sampling.temp"), (int?)metadata.Integer("general.sampling.top_k"),
        (float?)metadata.Float("general.sampling.top_p"), (float?)metadata.Float("general.sampling.min_p"),
        (float?)metadata.Float("general.sampling.penalty_repeat"), []);
}
