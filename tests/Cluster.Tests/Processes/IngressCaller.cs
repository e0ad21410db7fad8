using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>A caller that knows nothing of the cluster: gRPC over HTTP/2 to one silo's ingress, one call after the other.</summary>
internal sealed class IngressCaller : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _failures = [];
    private Task _load = Task.CompletedTask;
    private int _replies;

    public IngressCaller(SiloProcess silo)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var client = new TcpClient();
                await client.ConnectAsync(silo.Ingress.Host, silo.Ingress.Port, cancellation);
                return client.GetStream();
            },
        };
        _channel = GrpcChannel.ForAddress("http://interop.pool", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Grpc = new Interop.InteropClient(_channel);
    }

    public Interop.InteropClient Grpc { get; }

    /// <summary>Calls of the load that were answered.</summary>
    public int Replies => Volatile.Read(ref _replies);

    /// <summary>Calls of the load that were not.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failures) return [.. _failures];
        }
    }

    /// <summary>Begins to call, without end.</summary>
    public void BeginLoad() => _load = LoadAsync();

    /// <summary>Completes when so many more calls of the load were answered.</summary>
    public Task MoreAsync(int count)
    {
        var before = Replies;
        return Eventually.HoldsAsync(() => Replies >= before + count, $"{count} more replies", _patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _load;
        _channel.Dispose();
        _end.Dispose();
    }

    private async Task LoadAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await Grpc.EmptyAsync(new Nothing(), deadline: Routed.RpcExpectations.In(_patience), cancellationToken: _end.Token);
                Interlocked.Increment(ref _replies);
            }
            catch (RpcException failure) when (!_end.IsCancellationRequested)
            {
                lock (_failures) _failures.Add($"{failure.Status}");
            }
            catch (RpcException)
            {
                // Cut by the end of the load.
            }
        }
    }
}
