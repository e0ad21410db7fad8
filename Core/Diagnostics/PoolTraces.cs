using System.Diagnostics;

namespace OrleansPool.Core.Diagnostics;

/// <summary>The spans of this process's pools. Nothing of them is made while nobody listens to the source. Thread-safe.</summary>
public static class PoolTraces
{
    /// <summary>The source's name, for whoever collects.</summary>
    public const string Name = "OrleansPool";

    private const string Cause = "cause";

    internal static ActivitySource Source { get; } = new(Name);

    /// <summary>The span of a call's wait that something is begun for, and which then counts however short it is; none without one.</summary>
    internal static ActivityContext TakeCause()
    {
        if (Activity.Current is not { } span || span.Source != Source) return default;
        span.SetCustomProperty(Cause, Cause);
        return span.Context;
    }

    /// <summary>True for a span that something was begun for.</summary>
    internal static bool IsCause(Activity span) => span.GetCustomProperty(Cause) is not null;

    /// <summary>
    /// Begins a span that what is called next knows nothing of: what outlives it, as a connection does, must not carry it for life. Null without a parent, and
    /// where nobody listens.
    /// </summary>
    internal static Activity? StartApart(string name, ActivityContext parent, string host, int port)
    {
        if (parent == default || !Source.HasListeners()) return null;
        var ambient = Activity.Current;
        var span = Source.StartActivity(name, ActivityKind.Internal, parent, [new(MetricTags.Address, host), new(MetricTags.Port, port)]);
        Activity.Current = ambient;
        return span;
    }

    /// <summary>Ends a span, with what failed, if something did. Whatever is current stays so, but for the span itself.</summary>
    internal static void End(Activity span, string? error = null)
    {
        var ambient = Activity.Current;
        if (error is not null) span.SetTag(MetricTags.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        span.Stop();
        Activity.Current = ambient == span ? span.Parent : ambient;
    }
}
