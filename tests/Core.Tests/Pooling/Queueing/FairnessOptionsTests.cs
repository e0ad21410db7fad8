using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling.Queueing;

/// <summary>Whom a call counts for.</summary>
public sealed class FairnessOptionsTests
{
    [Theory]
    [InlineData("x-tenant", false, "acme", "app", "acme")]
    [InlineData("x-tenant", false, null, "app", "app")]
    [InlineData("x-tenant", true, "acme", "app", "acme")]
    [InlineData("x-tenant", false, null, null, null)]
    [InlineData(null, true, "acme", "app", "app")]
    [InlineData(null, true, "acme", null, null)]
    [InlineData(null, false, "acme", "app", null)]
    public void Caller_IsTheHeadersElseTheClientsId_WhereFairnessIsOn(string? header, bool byClientId, string? tenant, string? clientId, string? expected)
    {
        var options = new FairnessOptions { Headers = header is null ? [] : [header], ByClientId = byClientId };
        var headers = new HeaderBlock();
        if (tenant is not null) headers.Add("x-tenant", tenant);
        var request = new CallRequest { Method = "GET", Target = "/", Headers = headers, ClientId = clientId };

        Assert.Equal(expected, options.CallerOf(request));
        Assert.Equal(header is not null || byClientId, options.Rules is not null);
    }
}
