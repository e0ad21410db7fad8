using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports;

/// <summary>An answer that is here whole, of a protocol that has a body and nothing else.</summary>
internal class WholeResponse(ReadOnlyMemory<byte> body) : UpstreamResponse
{
    private ReadOnlyMemory<byte> _left = body;

    /// <inheritdoc />
    public override int Status => 200;

    /// <inheritdoc />
    public override HeaderBlock Headers { get; } = new(0);

    /// <inheritdoc />
    public override bool IsRequestDone => true;

    /// <inheritdoc />
    public override HeaderBlock Trailers { get; } = new(0);

    /// <inheritdoc />
    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return new(new BodyRead(count));
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
