namespace Sluice.Protocol.Sources;

/// <summary>One thing that happened to an answer.</summary>
/// <param name="Choice">Which choice it belongs to.</param>
/// <param name="Text">Text that became certain; empty on a mere finish or usage event.</param>
/// <param name="FinishReason">stop, length, …; null while the choice goes on.</param>
/// <param name="Usage">On the last event of the stream.</param>
/// <param name="Raw">The frame as a remote source sent it, to be relayed as bytes; empty where there is none.</param>
/// <param name="Logprobs">How likely the tokens were that came since the choice's event before; null where the request did not ask.</param>
public readonly record struct CompletionEvent(
    int Choice, string Text, string? FinishReason = null, Usage? Usage = null, ReadOnlyMemory<byte> Raw = default,
    IReadOnlyList<TokenLogprob>? Logprobs = null);
