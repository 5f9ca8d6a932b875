namespace Sluice.Gateway.Configuration;

/// <summary>
/// What must not be seen, and where it came from. Its text and every message show the origin alone; only <see cref="Reveal"/> gives the
/// value away.
/// </summary>
public sealed class Secret
{
    /// <summary>How a configuration names one.</summary>
    public const string Form = "env:NAME or file:PATH";

    private readonly string _value;

    public Secret(string origin, string value) => (Origin, _value) = (origin, value);

    /// <summary>Such as <c>env:PROVIDER_KEY</c>.</summary>
    public string Origin { get; }

    public string Reveal() => _value;

    public override string ToString() => Origin;
}
