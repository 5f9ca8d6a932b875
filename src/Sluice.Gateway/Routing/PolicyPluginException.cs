namespace Sluice.Gateway.Routing;

/// <summary>An assembly cannot be used as a policy.</summary>
internal sealed class PolicyPluginException(string problem, Exception? inner = null) : Exception(problem, inner);
