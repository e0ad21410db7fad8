using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>Makes the probe that options name.</summary>
internal static class HealthProbe
{
    /// <summary>The probe, or null for none. The options have been checked.</summary>
    public static IHealthProbe? Of(CheckOptions options) => options.Kind switch
    {
        CheckKind.Connect => new ConnectProbe(),
        CheckKind.Http => new HttpProbe(options.Path),
        CheckKind.Grpc => new GrpcProbe(options.Service ?? "", options.Timeout),
        CheckKind.Exchange => new ExchangeProbe(Bytes(options.Send), Bytes(options.Expect)),
        CheckKind.JsonRpc => new JsonRpcProbe(options.Method ?? JsonRpcProbe.DefaultMethod, options.AcceptUnknownMethod),
        _ => null,
    };

    private static byte[] Bytes(string? text) => EscapedBytes.TryParse(text ?? "", out var bytes) ? bytes : [];

    private sealed class ConnectProbe : IHealthProbe
    {
        public ValueTask<string?> CheckAsync(TransportChannel channel, CancellationToken cancellation) =>
            new(channel.IsUsable() ? null : "its connection was closed, or holds bytes that answer nothing");
    }
}
