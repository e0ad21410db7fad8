using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Model;

/// <summary>Whether a message is gRPC's.</summary>
public class GrpcContentTests
{
    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/GRPC", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc+json", true)]
    [InlineData("application/grpc;charset=utf-8", true)]
    [InlineData("application/grpc ;charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc-web+proto", false)]
    [InlineData("application/grpcx", false)]
    [InlineData("application/grp", false)]
    [InlineData("application/json", false)]
    [InlineData("text/plain, application/grpc", false)]
    [InlineData("", false)]
    public void ContentType_IsGrpc_OnlyAsTheBareTypeOrWithSuffixOrParameters(string contentType, bool isGrpc)
    {
        Assert.Equal(isGrpc, GrpcContent.Matches(contentType));
        var headers = new HeaderBlock();
        headers.Add("Content-Type", contentType);
        Assert.Equal(isGrpc, new CallRequest { Method = "POST", Target = "/", Headers = headers }.IsGrpc);
    }

    [Fact]
    public void Request_WithoutAContentType_IsNotGrpc() =>
        Assert.False(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() }.IsGrpc);
}
