using System.Buffers;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>A probe that makes a call and judges its answer.</summary>
internal abstract class CallProbe : IHealthProbe
{
    // More of an answer than this says nothing more of health.
    private const int Enough = 64 * 1024;

    /// <inheritdoc />
    public async ValueTask<string?> CheckAsync(TransportChannel channel, CancellationToken cancellation)
    {
        var sent = await ((CallChannel)channel).SendAsync(Request(), Options, cancellation).ConfigureAwait(false);
        if (sent.Response is not { } response) return sent.Failure!.Detail;
        await using (response.ConfigureAwait(false))
        {
            var body = new ArrayBufferWriter<byte>();
            while (body.WrittenCount < Enough)
            {
                var read = await response.ReadAsync(body.GetMemory(4096), cancellation).ConfigureAwait(false);
                if (read.Failure is not null) return read.Failure.Detail;
                if (read.IsEnd) break;
                body.Advance(read.Count);
            }

            return Judge(response, body.WrittenSpan);
        }
    }

    /// <summary>What the attempt adds to the request.</summary>
    protected virtual SendOptions Options => default;

    /// <summary>The call.</summary>
    protected abstract CallRequest Request();

    /// <summary>Null when the answer says that it is well, else what is wrong.</summary>
    protected abstract string? Judge(UpstreamResponse response, ReadOnlySpan<byte> body);
}
