using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>HTML escaping, as the escape filter and sums with safe text use it.</summary>
internal static class Markup
{
    /// <summary>The value as text that is safe in HTML; text marked as safe is taken as it is.</summary>
    public static string Escape(Value value, Rendering rendering) =>
        value is StringValue { IsMarkup: true } safe ? safe.Content : Escape(value.Text(rendering), rendering);

    public static string Escape(string text, Rendering rendering)
    {
        rendering.Meter.Scan(text.Length);
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0)
            return text;
        int start = rendering.Output.Length;
        foreach (char character in text)
        {
            if (character switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\'' => "&#39;", '"' => "&#34;", _ => null } is { } entity)
                rendering.Output.Append(entity);
            else
                rendering.Output.Append(character);
        }
        return rendering.Output.Cut(start);
    }
}
