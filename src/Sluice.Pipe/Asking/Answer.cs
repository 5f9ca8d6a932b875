using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>What a source answered to one question.</summary>
public sealed record Answer(string Text)
{
    /// <summary>stop, length, …</summary>
    public string FinishReason { get; init; } = "stop";

    public Usage Usage { get; init; } = new(0, 0, 0);

    /// <summary>How likely the label was, among the labels there are; null where nobody computed it.</summary>
    public double? Probability { get; init; }

    /// <summary>Whether the answer ended because no more tokens were allowed.</summary>
    public bool IsCutOff => FinishReason == "length";
}
