namespace Sluice.Protocol.Sources;

/// <summary>How likely one token of a text was.</summary>
/// <param name="Text">As text; where it is but a part of a character, U+FFFD.</param>
/// <param name="Bytes">The UTF-8 it stands for.</param>
/// <param name="Logprob">Natural logarithm of its probability; null where nothing comes before it.</param>
/// <param name="Best">The most likely tokens in its place, best first, without such lists of their own.</param>
public sealed record TokenLogprob(string Text, ReadOnlyMemory<byte> Bytes, float? Logprob, IReadOnlyList<TokenLogprob> Best);
