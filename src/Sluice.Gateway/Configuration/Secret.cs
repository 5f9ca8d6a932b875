using System.Security.Cryptography;
using System.Text;

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

    /// <param name="file">Path of the file that it was read from; null where it was none.</param>
    public Secret(string origin, string value, string? file = null) => (Origin, _value, File) = (origin, value, file);

    /// <summary>Such as <c>env:PROVIDER_KEY</c>.</summary>
    public string Origin { get; }

    /// <summary>The file that it was read from; null where it was none.</summary>
    public string? File { get; }

    /// <summary>Tells one value from another.</summary>
    internal string Hash => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(_value)));

    public string Reveal() => _value;

    public override string ToString() => Origin;
}
