using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>What a host says of a configuration that it cannot use.</summary>
public class MistakesTests
{
    [Fact]
    public void Mistakes_InAllPartsOfTheSection_AreToldAtOnce()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansPool:Gateway:Listen"] = "everywhere",
            ["OrleansPool:Endpoints:billing:Protocol"] = "grpc",
            ["OrleansPool:Endpoints:billing:Addresses:0"] = "10.0.0.1:50051",
            ["OrleansPool:Endpoints:billing:Pool:Mac"] = "4",
        });
        var errors = new ConfigErrors();
        errors.Add("OrleansPool:Cluster:SiloPort", 0, "found by the host");

        var refusal = Assert.Throws<InvalidConfigurationException>(() => builder.AddOrleansPoolGateway(errors));
        Assert.Equal(
            ["OrleansPool:Cluster:SiloPort", "OrleansPool:Gateway:Listen", "OrleansPool:Endpoints:billing:Pool:Mac"],
            refusal.Errors.Select(error => error.Split(" = ")[0]));
    }
}
