namespace Sluice.Protocol.Sources;

/// <summary>One thing that happened to an answer.</summary>
/// <param name="Choice">Which choice it belongs to.</param>
/// <param name="Text">Text that became certain; empty on a mere finish or usage event.</param>
/// <param name="FinishReason">stop, length, …; null while the choice goes on.</param>
/// <param name="Usage">On the last event of the stream.</param>
/// <param name="Raw">
/// Whole frames, or the whole body of a blocking answer, as a remote source sent them in the dialect of the request, to be relayed as bytes;
/// empty where there are none. Either all events of an answer have them or none has; what they say is not repeated in the other fields but for
/// the usage. Valid until the next event is asked for.
/// </param>
/// <param name="Logprobs">How likely the tokens were that came since the choice's event before; null where the request did not ask.</param>
public readonly record struct CompletionEvent(
    int Choice, string Text, string? FinishReason = null, Usage? Usage = null, ReadOnlyMemory<byte> Raw = default,
    IReadOnlyList<TokenLogprob>? Logprobs = null);
