namespace Sluice.Protocol.Sources;

/// <param name="ContextTokens">Most tokens of prompt and answer together; null where unknown.</param>
/// <param name="Chat">Whether it takes conversations.</param>
public sealed record SourceCapabilities(int? ContextTokens, bool Chat);
