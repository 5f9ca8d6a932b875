namespace Sluice.Gateway.Configuration;

/// <summary>USD per million tokens.</summary>
public sealed record PriceConfig(double Input, double Output, double? CachedInput = null);
