using Sluice.Engine.Speculation;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Measures steps and derives from them how much prompt the next may take. The one place of the engine's loop that reads a clock.
/// </summary>
internal sealed class StepClock
{
    /// <summary>
    /// Beside streams: 32 rows already read the weights about as well as more do, so fewer would slow the prompt more than they help the
    /// streams. Alone: a prompt as long as this chunk that arrives in the middle has its first token within about twice its own time.
    /// </summary>
    private const int LeastBeside = 32, LeastAlone = 64;

    /// <summary>Nobody waits for a token from a step that only brings prompts forward, but somebody may come.</summary>
    private const int AloneTargets = 4;

    /// <summary>What of the past counts on after each step.</summary>
    private const double Remembered = 0.9;

    private readonly TimeProvider _time;
    private readonly PromptChunk _beside;
    private readonly PromptChunk _alone;
    private double _recentTokens;
    private double _recentMs;
    private long _began;

    public StepClock(TimeProvider time, EngineOptions options)
    {
        _time = time;
        Costs = new StepCosts(options.MaxSequences + options.DraftRows);
        _beside = new PromptChunk(options.StepTargetMs, LeastBeside, options.MaxStepTokens);
        _alone = new PromptChunk(AloneTargets * options.StepTargetMs, LeastAlone, options.MaxStepTokens);
    }

    public PromptLimits Limits => new(_beside.Tokens, _alone.Tokens);

    /// <summary>Prompt tokens per second over about the last ten steps that had any; 0 before the first.</summary>
    public double PromptTps => _recentMs > 0 ? _recentTokens / _recentMs * 1000 : 0;

    /// <summary>What rows cost in steps without prompts.</summary>
    public StepCosts Costs { get; }

    public void Begin() => _began = _time.GetTimestamp();

    /// <summary>Learns from the step that began last.</summary>
    public void End(StepPlan plan)
    {
        double elapsedMs = Math.Max(_time.GetElapsedTime(_began).TotalMilliseconds, 1e-3);
        if (plan.PromptTokens == 0)
        {
            Costs.Observe(plan.Tokens, elapsedMs);
            return;
        }
        _recentTokens = Remembered * _recentTokens + plan.PromptTokens;
        _recentMs = Remembered * _recentMs + elapsedMs;
        (plan.Delivers ? _beside : _alone).Observe(plan.PromptTokens, elapsedMs);
    }
}
