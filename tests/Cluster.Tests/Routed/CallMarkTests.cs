using Grpc.Core;
using OrleansPool.Client.Hosting;
using OrleansPool.Core.Model;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>What a .NET caller can tell the pool of one call.</summary>
public class CallMarkTests
{
    [Fact]
    public void Idempotent_IsAHeaderOfTheRequest_AndOfAGrpcCall()
    {
        using var request = new HttpRequestMessage().MarkIdempotent();
        Assert.Equal(["true"], request.Headers.GetValues(CallMarks.Idempotent));
        Assert.Equal("true", new Metadata().MarkIdempotent().GetValue(CallMarks.Idempotent));
    }
}
