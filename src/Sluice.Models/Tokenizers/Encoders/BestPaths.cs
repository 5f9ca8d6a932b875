namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Room for the best way to every place in a piece; kept between pieces.</summary>
internal sealed class BestPaths
{
    private const int KeptSteps = 1 << 16;

    private PathStep[] _steps = [];

    /// <summary>Steps for a piece of so many bytes, and one for its end. All but the first are unreached.</summary>
    public Span<PathStep> Begin(int length)
    {
        if (_steps.Length <= length)
            _steps = new PathStep[Math.Max(256, length + 1)];
        var steps = _steps.AsSpan(0, length + 1);
        steps.Fill(PathStep.Unreached);
        steps[0] = default;
        return steps;
    }

    /// <summary>Lets go of what a very long piece needed.</summary>
    public void Trim()
    {
        if (_steps.Length > KeptSteps)
            _steps = [];
    }
}
