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
        Add($"<line class=\"{look}\" x1=\"{Px(from)}\" x2=\"{Px(to)}\" y1=\"{Py(level)}\" y2=\"{Py(level)}\" stroke-width=\"{Number(thickness)}\">{Title(told)}</line>");

    public void Dot(double at, double level, string look, string told) =>
        Add($"<circle class=\"{look}\" cx=\"{Px(at)}\" cy=\"{Py(level)}\" r=\"3\">{Title(told)}</circle>");

    /// <summary>A line across the chart with its name near the foot, for a limit or a percentile.</summary>
    /// <param name="row">Names in different rows do not cover each other.</param>
    public void Rule(double at, string name, string look, int row = 0)
    {
        Add($"<line class=\"rule {look}\" x1=\"{Px(at)}\" x2=\"{Px(at)}\" y1=\"{Top}\" y2=\"{height - Bottom}\"/>");
        bool left = x.PlaceOf(at) > 0.75;
        double beside = Left + x.PlaceOf(at) * (width - Left - Right) + (left ? -4 : 4);
        Add($"<text class=\"{look}\" x=\"{Number(beside)}\" y=\"{height - Bottom - 8 - 15 * row}\" text-anchor=\"{(left ? "end" : "start")}\">{WebUtility.HtmlEncode(name)}</text>");
    }

    public string ToSvg(string told)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(told)}\">\n");
        foreach (double tick in y.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{Py(tick)}\" y2=\"{Py(tick)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Py(tick)}\" dy=\"4\" text-anchor=\"end\">{Axis.Name(tick)}</text>\n");
        }
        foreach (double tick in x.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Px(tick)}\" x2=\"{Px(tick)}\" y1=\"{Top}\" y2=\"{height - Bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Px(tick)}\" y=\"{height - Bottom + 16}\" text-anchor=\"middle\">{Axis.Name(tick)}</text>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + width - Right) / 2}\" y=\"{height - 8}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(x.Label)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text transform=\"translate(12 {(Top + height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{WebUtility.HtmlEncode(y.Label)}</text>\n");
        return svg.Append(_marks).Append("</svg>").ToString();
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

    private string Py(double value) => Number(height - Bottom - y.PlaceOf(value) * (height - Top - Bottom));

    private static string Title(string told) => $"<title>{WebUtility.HtmlEncode(told)}</title>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
