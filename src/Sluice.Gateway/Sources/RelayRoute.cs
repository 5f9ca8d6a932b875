namespace Sluice.Gateway.Sources;

/// <param name="Path">Appended to the source's URL.</param>
/// <param name="Form">How its streams look.</param>
/// <param name="Counts">Whether it only counts the tokens of a prompt, which is done when a request is prepared.</param>
internal sealed record RelayRoute(string Path, RelayForm Form, bool Counts = false);
