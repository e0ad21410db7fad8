using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>A lease that has been out for longer than it should be.</summary>
/// <param name="Method">The call's path, without its query; <c>unknown</c> where the pool was not told of a call.</param>
/// <param name="Caller">Who calls, as it says of itself; <c>unknown</c> when it does not.</param>
/// <param name="TraceId">The trace of the call, or of its <c>traceparent</c>; <c>none</c> without one.</param>
/// <param name="Address">Where its channel leads to.</param>
/// <param name="HeldFor">How long it has been out.</param>
public sealed record HeldLease(string Method, string Caller, string TraceId, string Address, TimeSpan HeldFor)
{
    // W3C Trace Context, section 3.2: version, trace-id of 32 digits, parent-id, flags.
    private const int TraceIdAt = 3;
    private const int TraceIdLength = 32;

    internal static HeldLease Of(CallRequest? request, string? caller, string address, TimeSpan heldFor) =>
        new(request?.Target.Split('?')[0] ?? "unknown", caller ?? request?.ClientId ?? "unknown", TraceIdOf(request), address, heldFor);

    private static string TraceIdOf(CallRequest? request) => request?.Span is { } span ? span.TraceId.ToHexString() : CallersTraceId(request);

    private static string CallersTraceId(CallRequest? request) =>
        request is not null && request.Headers.TryGet("traceparent", out var parent) && parent.Length >= TraceIdAt + TraceIdLength ? parent.Substring(TraceIdAt, TraceIdLength) : "none";
}
