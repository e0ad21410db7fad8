using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansPool.Client.Lanes;

/// <summary>
/// Sees connections to gateways close. Orleans re-routes what it had not sent yet, but tells nobody of what it had: such calls would hang until their
/// response timeout.
/// </summary>
internal sealed class GatewayConnectionWatch(GatewayLinks links) : IConfigureOptions<ClientConnectionOptions>
{
    public void Configure(ClientConnectionOptions options) => options.ConfigureConnection(connection => connection.Use(next => context => WatchAsync(next, context)));

    private async Task WatchAsync(ConnectionDelegate next, ConnectionContext context)
    {
        // Asked before: a closed connection may have forgotten whom it was connected to.
        var gateway = context.RemoteEndPoint;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            links.Lose(gateway);
        }
    }
}
