using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OrleansPool.Gateway.Metrics;

/// <summary>Writes what was collected as text for Prometheus. For one scrape; not thread-safe.</summary>
internal sealed class ExpositionWriter(ExpositionFormat format)
{
    private readonly StringBuilder _text = new();

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>What is written so far, with the end that its format asks for.</summary>
    public string End() => IsOpenMetrics ? _text.Append("# EOF\n").ToString() : _text.ToString();

    /// <summary>Writes who is measured, as attributes of a value that is always 1.</summary>
    public void Write(Resource resource)
    {
        _text.Append(IsOpenMetrics ? "# TYPE target info\n# HELP target" : "# HELP target_info").Append(" The process that is measured.\n");
        if (!IsOpenMetrics) _text.Append("# TYPE target_info gauge\n");
        Sample("target_info", Labels(resource.Attributes.Select(tag => KeyValuePair.Create(tag.Key, (object?)tag.Value))), "1");
    }

    /// <summary>Writes a metric with all its points; one without points leaves no trace.</summary>
    public void Write(Metric metric)
    {
        if (TypeOf(metric.MetricType) is not { } type) return;
        var family = MetricFamily.Of(metric.Name, type, metric.Unit);
        var hasHead = false;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (!hasHead) Head(family, metric.Description);
            hasHead = true;
            Write(family, metric.MetricType, in point);
        }
    }

    private void Write(in MetricFamily family, MetricType type, in MetricPoint point)
    {
        var labels = Labels(point.Tags);
        if (type == MetricType.Histogram) WriteHistogram(family.Name, labels, in point);
        else Sample(family.SampleName, labels, Value(type, in point));
    }

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        var exemplars = ExemplarsOf(in point);
        var (count, below) = (0L, double.NegativeInfinity);
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var (least, most) = (below, bucket.ExplicitBound);
            var exemplar = exemplars.FirstOrDefault(each => each.Value > least && each.Value <= most);
            Sample($"{name}_bucket", Joined(labels, $"le=\"{Bound(most)}\""), Number(count), exemplar.Text);
            below = most;
        }

        Sample($"{name}_sum", labels, Number(point.GetHistogramSum()));
        Sample($"{name}_count", labels, Number(point.GetHistogramCount()));
    }

    // Only OpenMetrics has a place for them.
    private List<(double Value, string Text)> ExemplarsOf(in MetricPoint point)
    {
        List<(double, string)> exemplars = [];
        if (!IsOpenMetrics || !point.TryGetExemplars(out var recorded)) return exemplars;
        foreach (ref readonly var exemplar in recorded)
        {
            if (exemplar.TraceId == default) continue;
            var seconds = exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0;
            exemplars.Add((exemplar.DoubleValue, $" # {{trace_id=\"{exemplar.TraceId}\",span_id=\"{exemplar.SpanId}\"}} {Number(exemplar.DoubleValue)} {Number(seconds)}"));
        }

        return exemplars;
    }

    private void Head(in MetricFamily family, string description)
    {
        // OpenMetrics names the family, the text format the samples.
        var name = IsOpenMetrics ? family.Name : family.SampleName;
        _text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(description, withQuotes: IsOpenMetrics)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(family.Type.ToString().ToLowerInvariant()).Append('\n');
        if (IsOpenMetrics && family.Unit.Length > 0) _text.Append("# UNIT ").Append(name).Append(' ').Append(family.Unit).Append('\n');
    }

    private void Sample(string name, string labels, string value, string? exemplar = null)
    {
        _text.Append(name);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value).Append(exemplar).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        List<KeyValuePair<string, object?>> copy = new(tags.Count);
        foreach (var tag in tags) copy.Add(tag);
        return Labels(copy);
    }

    private static string Labels(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(',', tags.Select(tag =>
        $"{MetricFamily.Sanitize(tag.Key)}=\"{Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "", withQuotes: true)}\""));

    private static string Joined(string labels, string label) => labels.Length == 0 ? label : $"{labels},{label}";

    private static string Escaped(string text, bool withQuotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return withQuotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static FamilyType? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => FamilyType.Counter,
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => FamilyType.Gauge,
        MetricType.Histogram => FamilyType.Histogram,
        _ => null,
    };

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    // OpenMetrics wants a bucket's bound to look like a fraction, so that it is the same label whoever writes it.
    private string Bound(double bound)
    {
        var text = Number(bound);
        return IsOpenMetrics && double.IsInteger(bound) && !text.Contains('E', StringComparison.Ordinal) ? $"{text}.0" : text;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => number switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };
}
