namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>Opens JSON-RPC channels: TCP, then TLS where it is asked for. The protocol has no greeting; a channel is open when the connection is.</summary>
internal sealed class JsonRpcTransport(JsonRpcTransportSettings settings) : ITransport
{
    private readonly Dialer _dialer = new(settings.Tls, protocol: null, settings.KeepAlive);

    /// <inheritdoc />
    public async ValueTask<ConnectResult> ConnectAsync(Model.ResolvedAddress address, CancellationToken cancellation)
    {
        var dialed = await _dialer.DialAsync(address, cancellation).ConfigureAwait(false);
        return dialed.IsOpen ? ConnectResult.Connected(new JsonRpcChannel(settings, dialed.Stream)) : ConnectResult.Failed(dialed.Failure);
    }
}
