namespace Sluice.Engine.Scheduling;

/// <summary>
/// How many prompt tokens make a step last about as long as wanted, found by trying: a step that took twice as long halves the number, one
/// that had time left raises it, at most twofold. Pure: it is told what a step took.
/// </summary>
/// <param name="targetMs">Wanted duration of a step.</param>
/// <param name="least">Fewer are not given however long they take, or prompts would not come forward.</param>
/// <param name="most">More are not given however little they take.</param>
internal sealed class PromptChunk(double targetMs, int least, int most)
{
    private const double MostGrowth = 2;

    private double _tokens = Math.Min(least, most);

    public int Tokens => (int)_tokens;

    /// <summary>Learns from a step.</summary>
    /// <param name="tokens">Prompt tokens that it computed; at least one.</param>
    public void Observe(int tokens, double elapsedMs)
    {
        double fitting = Math.Min(MostGrowth, targetMs / elapsedMs) * tokens;
        // A step that was not filled says nothing about how many more would have fitted.
        if (tokens >= Tokens || fitting < _tokens)
            _tokens = Math.Clamp(fitting, Math.Min(least, most), most);
    }
}
