using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Bench.Micro;

/// <summary>Opens channels at once and out of nothing, so that a benchmark of the pool measures the pool.</summary>
internal sealed class MemoryTransport(bool isMultiplexed) : ITransport
{
    public ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation) =>
        new(ConnectResult.Connected(new MemoryChannel(isMultiplexed ? int.MaxValue : 1)));

    private sealed class MemoryChannel(int peerLimit) : TransportChannel
    {
        public override int PeerLimit => peerLimit;

        protected override void Dispose(bool disposing) => RaiseClosed();
    }
}
