using OrleansPool.Client.Messages;
using OrleansPool.Client.Routed;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Client.Local;

/// <summary>
/// The way through the cluster for calls that find no share in this process. Until their answers begin they count as calls that wait here, or a client without a
/// share would never seem to need one. Thread-safe.
/// </summary>
internal sealed class Detour(Endpoint endpoint, EndpointShares shares, RoutedHandler routed)
{
    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, where it was taken already; else null.</param>
    /// <param name="caller">Cancelled when the caller leaves.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RequestBody? body, CancellationToken caller)
    {
        shares.BeginElsewhere(endpoint.Name);
        try
        {
            var sending = body is null ? routed.TakeApartAsync(request, caller) : routed.SendAsync(request, body, caller);
            return await sending.ConfigureAwait(false);
        }
        finally
        {
            shares.EndElsewhere(endpoint.Name);
        }
    }
}
