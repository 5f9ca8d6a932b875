using System.Globalization;
using System.Net;
using System.Text;

namespace Sluice.Cli.Plots;

/// <summary>Draws one chart as SVG: axes with a grid, and whatever marks are put on them. Colours come from the page's classes.</summary>
/// <param name="width">In the units of the text, which is 12 high.</param>
internal sealed class Chart(Axis x, Axis y, int width = 560, int height = 250)
{
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 12;
    private const int Bottom = 44;

    private readonly StringBuilder _marks = new();

    /// <summary>A curve through points.</summary>
    public void Curve(IEnumerable<(double X, double Y)> points, string look) =>
        Add($"<path class=\"curve {look}\" d=\"{PathOf(points)}\"/>");

    /// <summary>What lies below a curve.</summary>
    public void Area(IReadOnlyList<(double X, double Y)> points, string look)
    {
        if (points.Count > 0)
            Add($"<path class=\"area {look}\" d=\"{PathOf(points.Prepend((points[0].X, y.Least)).Append((points[^1].X, y.Least)))}Z\"/>");
    }

    /// <summary>A level stroke from one place to another.</summary>
    public void Stroke(double from, double to, double level, double thickness, string look, string told) =>
        Add($"""<line class="{look}" {Ends(Px(from), Px(to), Py(level), Py(level))} stroke-width="{Number(thickness)}">{Title(told)}</line>""");

    public void Dot(double at, double level, string look, string told) =>
        Add($"<circle class=\"{look}\" cx=\"{Px(at)}\" cy=\"{Py(level)}\" r=\"3\">{Title(told)}</circle>");

    /// <summary>A line across the chart with its name near the foot, for a limit or a percentile.</summary>
    /// <param name="row">Names in different rows do not cover each other.</param>
    public void Rule(double at, string name, string look, int row = 0)
    {
        Add($"""<line class="rule {look}" {Ends(Px(at), Px(at), $"{Top}", $"{height - Bottom}")}/>""");
        bool left = x.PlaceOf(at) > 0.75;
        double beside = Left + x.PlaceOf(at) * (width - Left - Right) + (left ? -4 : 4);
        Add(Label(Number(beside), height - Bottom - 8 - 15 * row, left ? "end" : "start", name, look));
    }

    public string ToSvg(string told)
    {
        var svg = new StringBuilder($"""<svg viewBox="0 0 {width} {height}" role="img" aria-label="{WebUtility.HtmlEncode(told)}">""");
        foreach (double tick in y.Ticks)
        {
            svg.Append($"""<line class="grid" {Ends($"{Left}", $"{width - Right}", Py(tick), Py(tick))}/>""");
            svg.Append(Label($"{Left - 6}", (int)Math.Round(Place(tick)) + 4, "end", Axis.Name(tick)));
        }
        foreach (double tick in x.Ticks)
        {
            svg.Append($"""<line class="grid" {Ends(Px(tick), Px(tick), $"{Top}", $"{height - Bottom}")}/>""");
            svg.Append(Label(Px(tick), height - Bottom + 16, "middle", Axis.Name(tick)));
        }
        svg.Append(Label($"{(Left + width - Right) / 2}", height - 8, "middle", x.Label));
        svg.Append($"""<g transform="translate(12 {(Top + height - Bottom) / 2}) rotate(-90)">{Label("0", 0, "middle", y.Label)}</g>""");
        return svg.Append('\n').Append(_marks).Append("</svg>").ToString();
    }

    private string PathOf(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (px, py) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Px(px)).Append(' ').Append(Py(py));
        return path.ToString();
    }

    private void Add(string mark) => _marks.Append(mark).Append('\n');

    private string Px(double value) => Number(Left + x.PlaceOf(value) * (width - Left - Right));

    private string Py(double value) => Number(Place(value));

    private double Place(double value) => height - Bottom - y.PlaceOf(value) * (height - Top - Bottom);

    private static string Ends(string x1, string x2, string y1, string y2) => $"""x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}" """.TrimEnd();

    private static string Label(string x, int y, string anchor, string text, string look = "") =>
        $"""<text class="{look}" x="{x}" y="{y}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""" + "\n";

    private static string Title(string told) => $"<title>{WebUtility.HtmlEncode(told)}</title>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
