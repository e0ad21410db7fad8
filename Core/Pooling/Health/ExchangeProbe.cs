using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>A frame there and one back.</summary>
internal sealed class ExchangeProbe(byte[] send, byte[] expect) : CallProbe
{
    protected override CallRequest Request() => new() { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = send };

    protected override string? Judge(UpstreamResponse response, ReadOnlySpan<byte> body) =>
        body.StartsWith(expect) ? null : $"the reply of {body.Length} bytes does not begin as Check:Expect says";
}
