using System.Globalization;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// An answer, which is here whole: the response object with the caller's own id, or nothing for a notification. The code of an error in it is told in a header,
/// so that nobody needs to read it again.
/// </summary>
internal sealed class JsonRpcResponse : UpstreamResponse
{
    /// <summary>Header with the code of the error that the upstream answered.</summary>
    public const string ErrorCodeHeader = "jsonrpc-error-code";

    private ReadOnlyMemory<byte> _left;

    public JsonRpcResponse(Reply reply)
    {
        _left = reply.Body;
        if (reply.ErrorCode is { } code) Headers.Add(ErrorCodeHeader, code.ToString(CultureInfo.InvariantCulture));
    }

    public override int Status => 200;

    public override HeaderBlock Headers { get; } = new(0);

    public override bool IsRequestDone => true;

    public override HeaderBlock Trailers { get; } = new(0);

    /// <summary>What follows a notification.</summary>
    public static JsonRpcResponse Nothing() => new(default);

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return new(new BodyRead(count));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
