using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>What one call about several records came to.</summary>
/// <param name="Texts">Their answers in order; null for each that has none in it.</param>
/// <param name="Usage">Of the whole call.</param>
public sealed record BatchAnswer(IReadOnlyList<string?> Texts, Usage Usage);
