using Sluice.Core.Errors;

namespace Sluice.Models.Architectures;

/// <summary>Reading with the checks that every architecture wants: present, in range, and an error that names file and key.</summary>
internal static class HyperParameterChecks
{
    /// <summary>
    /// A count in [1, <paramref name="most"/>]; <paramref name="fallback"/> where absent, if there is one. What exceeds an int, as some files'
    /// context lengths do, counts as the largest int.
    /// </summary>
    public static int Count(this IHyperParameters p, string gguf, string huggingFace, long? fallback = null, long most = 1 << 24)
    {
        long value = p.WholeNumber(gguf, huggingFace) ?? fallback
            ?? throw new ModelFileException(p.Path, $"missing key '{p.Spelled(gguf, huggingFace)}'");
        if (value < 1 || value > most)
            throw new ModelFileException(p.Path, $"'{p.Spelled(gguf, huggingFace)}' is {value}; it must be between 1 and {most}");
        return (int)Math.Min(value, int.MaxValue);
    }

    /// <summary>A finite number above zero.</summary>
    public static float Positive(this IHyperParameters p, string gguf, string huggingFace, double? fallback = null)
    {
        double value = p.Number(gguf, huggingFace) ?? fallback
            ?? throw new ModelFileException(p.Path, $"missing key '{p.Spelled(gguf, huggingFace)}'");
        if (!double.IsFinite(value) || value <= 0)
            throw new ModelFileException(p.Path, $"'{p.Spelled(gguf, huggingFace)}' is {value}; it must be a number above 0");
        return (float)value;
    }

    /// <summary>The key as this model's own file spells it.</summary>
    public static string Spelled(this IHyperParameters p, string gguf, string huggingFace) =>
        p.IsHuggingFace ? huggingFace : $"{p.Architecture}.{gguf}";
}
