using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>A GET.</summary>
internal sealed class HttpProbe(string path) : CallProbe
{
    protected override CallRequest Request() => new() { Method = "GET", Target = path, Headers = new HeaderBlock(0) };

    protected override string? Judge(UpstreamResponse response, ReadOnlySpan<byte> body) =>
        response.Status is >= 200 and < 400 ? null : $"GET {path} was answered by the status {response.Status}";
}
