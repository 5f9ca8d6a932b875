using System.Globalization;
using System.Text;

namespace Sluice.Server.Telemetry;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Append(MetricFamily family)
    {
        _text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append('\n');
        _text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind).Append('\n');
        foreach ((LabelSet labels, MetricSeries series) in family.Series)
        {
            if (family.Bounds is { } bounds)
                AppendHistogram(family.Name, labels, series, bounds);
            else
                AppendSample(family.Name, "", labels, null, series.Value);
        }
    }

    public override string ToString() => _text.ToString();

    private void AppendHistogram(string name, LabelSet labels, MetricSeries series, double[] bounds)
    {
        long count = 0;
        for (int bucket = 0; bucket <= bounds.Length; bucket++)
        {
            count += series.CountIn(bucket);
            AppendSample(name, "_bucket", labels, bucket < bounds.Length ? Number(bounds[bucket]) : "+Inf", count);
        }
        AppendSample(name, "_sum", labels, null, series.Value);
        AppendSample(name, "_count", labels, null, count);
    }

    private void AppendSample(string name, string suffix, LabelSet labels, string? bound, double value)
    {
        _text.Append(name).Append(suffix);
        char separator = '{';
        AppendLabel(labels.FirstName, labels.FirstValue, ref separator);
        AppendLabel(labels.SecondName, labels.SecondValue, ref separator);
        AppendLabel("le", bound, ref separator);
        if (separator == ',')
            _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private void AppendLabel(string? name, string? value, ref char separator)
    {
        if (name is null || value is null)
            return;
        _text.Append(separator).Append(name).Append("=\"").Append(Escaped(value)).Append('"');
        separator = ',';
    }

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
