namespace Sluice.Protocol.Requests;

/// <summary>What of its context a request keeps; the rest is forgotten as the answer goes on.</summary>
/// <param name="Sinks">First tokens that are always kept.</param>
/// <param name="Window">Most recent tokens that are kept; 0 keeps everything.</param>
/// <param name="Heavy">Tokens before the window that are kept because attention fell on them most.</param>
public sealed record ContextWindow(int Sinks, int Window, int Heavy = 0);
