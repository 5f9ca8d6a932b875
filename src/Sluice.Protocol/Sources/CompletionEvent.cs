namespace Sluice.Protocol.Sources;

/// <summary>One thing that happened to an answer. Where one event has several kinds of text, thoughts come before the text and the text
/// before calls.</summary>
/// <param name="Choice">Which choice it belongs to.</param>
/// <param name="Text">Text that became certain; empty on a mere finish or usage event.</param>
/// <param name="FinishReason">stop, length, tool_calls, …; null while the choice goes on.</param>
/// <param name="Usage">On the last event of the stream.</param>
/// <param name="Raw">
/// Whole frames, or the whole body of a blocking answer, as a remote source sent them in the dialect of the request, to be relayed as bytes;
/// empty where there are none. All events of an answer have them or none has, but for a last one that tells only the usage; what they say is
/// not repeated in the other fields but for the usage. Valid until the next event is asked for.
/// </param>
/// <param name="Logprobs">How likely the tokens were that came since the choice's event before; null where the request did not ask.</param>
public readonly record struct CompletionEvent(
    int Choice, string Text, string? FinishReason = null, Usage? Usage = null, ReadOnlyMemory<byte> Raw = default,
    IReadOnlyList<TokenLogprob>? Logprobs = null)
{
    /// <summary>What the model thought before it answered, as far as it became certain; empty where it did not, or is not told.</summary>
    public string Reasoning { get => field ?? ""; init; }

    /// <summary>Pieces of calls that became certain, in order; null where there are none.</summary>
    public IReadOnlyList<ToolCallDelta>? ToolCalls { get; init; }

    /// <summary>Beside a <see cref="FinishReason"/> of stop: which of the request's stop texts was met; null where none was, or none is told.</summary>
    public string? StopText { get; init; }

    /// <summary>Whether it brings something of the answer: text, thoughts or a piece of a call.</summary>
    public bool HasContent => Text.Length > 0 || Reasoning.Length > 0 || ToolCalls is { Count: > 0 };
}
