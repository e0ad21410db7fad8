using Grpc.Core;
using OrleansPool.Core.Model;

namespace OrleansPool.Client.Hosting;

/// <summary>What a caller tells the pool of one call.</summary>
public static class CallMarkExtensions
{
    /// <summary>
    /// Says that the call may be done twice without harm, so that the pool may send it once more when its answer is late. It counts where the endpoint's
    /// <c>Hedging:ByCaller</c> is set, and does nothing elsewhere.
    /// </summary>
    public static HttpRequestMessage MarkIdempotent(this HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(CallMarks.Idempotent, "true");
        return request;
    }

    /// <inheritdoc cref="MarkIdempotent(HttpRequestMessage)"/>
    public static Metadata MarkIdempotent(this Metadata metadata)
    {
        metadata.Add(CallMarks.Idempotent, "true");
        return metadata;
    }
}
