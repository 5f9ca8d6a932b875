using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters for HTML. A prompt is never escaped of itself; templates use these on the odd value.</summary>
internal static class MarkupFilters
{
    public static readonly Builtin[] All =
    [
        new("safe", "", (rendering, input, _) => new StringValue(input.Text(rendering), isMarkup: true)),
        new("escape", "", Escape),
        new("e", "", Escape),
        new("forceescape", "", (rendering, input, _) => new StringValue(Markup.Escape(input.Text(rendering), rendering), isMarkup: true)),
    ];

    private static StringValue Escape(Rendering rendering, Value input, Arguments arguments) =>
        new(Markup.Escape(input, rendering), isMarkup: true);
}
