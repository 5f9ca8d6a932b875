using System.Globalization;

namespace Sluice.Pipe.Sources;

/// <summary>An address that requests may go to, and its share of them.</summary>
/// <param name="Address">Absolute, http or https.</param>
/// <param name="Weight">Above 0.</param>
public sealed record SourceUrl(Uri Address, double Weight)
{
    public const string Form = "URL or URL*WEIGHT, such as http://127.0.0.1:8080/v1*3";

    /// <summary>Reads <see cref="Form"/>; null where it is something else.</summary>
    public static SourceUrl? Parse(string text)
    {
        int star = text.LastIndexOf('*');
        double weight = 1;
        if (star >= 0 && !double.TryParse(text.AsSpan(star + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight))
            return null;
        string address = star < 0 ? text : text[..star];
        return weight > 0 && Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme is "http" or "https")
            ? new SourceUrl(uri, weight) : null;
    }
}
