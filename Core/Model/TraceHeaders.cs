using System.Diagnostics;
using System.Net.Http.Headers;

namespace OrleansPool.Core.Model;

/// <summary>The trace of a call in its headers: W3C Trace Context (https://www.w3.org/TR/trace-context/).</summary>
internal static class TraceHeaders
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <summary>The caller's span; none where it names none, or not well.</summary>
    public static ActivityContext Read(CallRequest request)
    {
        var (parent, state) = request.Message is { } message ? Read(message.Headers) : Read(request.Headers);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>The same headers with this span in the place of the caller's.</summary>
    public static HeaderBlock Replace(HeaderBlock headers, Activity span)
    {
        var replaced = new HeaderBlock(headers.Count + 2);
        for (var at = 0; at < headers.Count; at++)
        {
            var (name, value) = headers[at];
            if (!IsOne(name)) replaced.Add(name, value);
        }

        replaced.Add(Parent, span.Id!);
        if (span.TraceStateString is { Length: > 0 } state) replaced.Add(State, state);
        return replaced;
    }

    /// <summary>What a message's headers say.</summary>
    public static (string? Parent, string? State) Read(HttpHeaders headers) =>
        (MessageHeaders.TryGet(headers, Parent, out var parent) ? parent : null, MessageHeaders.TryGet(headers, State, out var state) ? state : null);

    /// <summary>Makes a message's headers say it; null for nothing.</summary>
    public static void Write(HttpHeaders headers, string? parent, string? state)
    {
        Set(headers, Parent, parent);
        Set(headers, State, state);
    }

    private static (string? Parent, string? State) Read(HeaderBlock headers) =>
        (headers.TryGet(Parent, out var parent) ? parent : null, headers.TryGet(State, out var state) ? state : null);

    private static void Set(HttpHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is { Length: > 0 }) headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsOne(string name) => name.Length switch
    {
        10 => string.Equals(name, State, StringComparison.OrdinalIgnoreCase),
        11 => string.Equals(name, Parent, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
