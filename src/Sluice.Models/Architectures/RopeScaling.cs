using Sluice.Core.Backend;
using Sluice.Core.Errors;

namespace Sluice.Models.Architectures;

/// <summary>
/// Turns a model's rope settings into frequencies. Sources: Su et al. 2021 (RoPE); Chen et al. 2023 (linear interpolation); Peng et al. 2023
/// (YaRN, NTK by parts); the Llama 3.1 release (llama3).
/// </summary>
internal sealed class RopeScaling
{
    private readonly IHyperParameters _p;
    private readonly int _dims;
    private readonly double _theta;
    private readonly double _originalContext;

    private RopeScaling(IHyperParameters parameters, int dims, int contextLength)
    {
        _p = parameters;
        _dims = dims;
        _theta = parameters.Positive("rope.freq_base", "rope_theta",
            parameters.IsHuggingFace ? parameters.Number("", "rope_parameters.rope_theta") ?? 10000 : 10000);
        _originalContext = Value("original_context_length", "original_max_position_embeddings") ?? contextLength;
    }

    /// <param name="parameters">Where the settings are read.</param>
    /// <param name="dims">Rotary dims per head, even.</param>
    /// <param name="contextLength">The model's context, for scalings that do not name the original one.</param>
    /// <param name="layout">Pairing of the model's weights.</param>
    /// <param name="divisors">Divisors of the frequencies that a GGUF brings as a tensor, dims / 2 values; null where it brings none.</param>
    public static RopeSpec Read(IHyperParameters parameters, int dims, int contextLength, RopeLayout layout, float[]? divisors)
    {
        var scaling = new RopeScaling(parameters, dims, contextLength);
        double magnitude = 1;
        var frequencies = new double[dims / 2];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = Math.Pow(scaling._theta, -2.0 * i / dims) / (divisors?[i] ?? 1f);
        switch (scaling.Kind())
        {
            case "none" or "default":
                break;
            case "linear":
                scaling.Linear(frequencies);
                break;
            case "llama3":
                scaling.Llama3(frequencies);
                break;
            case "yarn":
                scaling.Yarn(frequencies, out magnitude);
                break;
            case var other:
                throw new UnsupportedModelException(parameters.Path, $"rope scaling '{other}' is not supported; known: none, linear, llama3, yarn");
        }
        if (!double.IsFinite(magnitude) || Array.Exists(frequencies, f => !double.IsFinite(f)))
            throw new ModelFileException(parameters.Path, "its rope settings give frequencies that are not finite");
        return new RopeSpec(Array.ConvertAll(frequencies, f => (float)f), (float)magnitude, layout);
    }

    private string Kind() =>
        _p.Text("rope.scaling.type", "rope_scaling.rope_type") ?? _p.Text("rope.scaling.type", "rope_scaling.type")
        ?? _p.Text("rope.scaling.type", "rope_parameters.rope_type")
        ?? (!_p.IsHuggingFace && _p.Number("rope.scale_linear", "") is not null ? "linear" : "none"); // GGUF's older spelling

    private double? Value(string gguf, string name) =>
        _p.Number($"rope.scaling.{gguf}", $"rope_scaling.{name}")
        ?? (_p.IsHuggingFace ? _p.Number("", $"rope_parameters.{name}") : null);

    private double Factor()
    {
        double factor = Value("factor", "factor") ?? (_p.IsHuggingFace ? null : _p.Number("rope.scale_linear", "")) ?? 1;
        return double.IsFinite(factor) && factor > 0
            ? factor
            : throw new ModelFileException(_p.Path, $"rope scaling factor is {factor}; it must be a number above 0");
    }

    private void Linear(double[] frequencies)
    {
        double factor = Factor();
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] /= factor;
    }

    private void Llama3(double[] frequencies)
    {
        double factor = Factor();
        double low = Value("low_freq_factor", "low_freq_factor") ?? 1, high = Value("high_freq_factor", "high_freq_factor") ?? 4;
        for (int i = 0; i < frequencies.Length; i++)
        {
            double turns = _originalContext * frequencies[i] / (2 * Math.PI); // full turns within the original context
            double keep = Math.Clamp((turns - low) / (high - low), 0, 1);
            frequencies[i] = frequencies[i] * keep + frequencies[i] / factor * (1 - keep);
        }
    }

    private void Yarn(double[] frequencies, out double magnitude)
    {
        double factor = Factor();
        double first = Math.Max(0, Math.Floor(PairWithTurns(Value("yarn_beta_fast", "beta_fast") ?? 32)));
        double last = Math.Min(_dims - 1, Math.Ceiling(PairWithTurns(Value("yarn_beta_slow", "beta_slow") ?? 1)));
        for (int i = 0; i < frequencies.Length; i++)
        {
            double interpolate = Math.Clamp((i - first) / Math.Max(0.001, last - first), 0, 1);
            frequencies[i] = frequencies[i] / factor * interpolate + frequencies[i] * (1 - interpolate);
        }
        double usual = factor > 1 ? 1 + 0.1 * Math.Log(factor) : 1;
        // config.json gives the whole factor; GGUF's is multiplied by the usual one.
        magnitude = _p.IsHuggingFace ? Value("", "attention_factor") ?? usual : (Value("attn_factor", "") ?? 1) * usual;
    }

    /// <summary>The (fractional) pair whose angle makes this many turns within the original context.</summary>
    private double PairWithTurns(double turns) => _dims * Math.Log(_originalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(_theta));
}
