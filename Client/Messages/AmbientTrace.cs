using System.Diagnostics;
using System.Net.Http.Headers;

namespace OrleansPool.Client.Messages;

/// <summary>What <see cref="HttpClient"/>'s own handler does, whose place those of this library take: a request belongs to the trace in which it is made.</summary>
internal static class AmbientTrace
{
    /// <summary>Adds the headers of the trace, if there is one and the request names none.</summary>
    public static void Tell(HttpRequestMessage request)
    {
        if (Activity.Current is not { } span || request.Headers.NonValidated.Contains("traceparent")) return;
        DistributedContextPropagator.Current.Inject(span, request.Headers, Add);
    }

    private static void Add(object? headers, string name, string value)
    {
        if (headers is HttpRequestHeaders all && !all.NonValidated.Contains(name)) all.TryAddWithoutValidation(name, value);
    }
}
