using System.Net;
using System.Net.Sockets;
using OrleansPool.Gateway.Hosting;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Standalone;

/// <summary>The program as an operator meets it: starts, says where it is, stops, and says what is wrong with its configuration.</summary>
public class StandaloneTests
{
    [Fact]
    public async Task Start_WithoutEndpoints_ServesTheSampleOnes_OnThisMachineOnly()
    {
        await using var program = StandaloneProcess.Start();
        var address = await program.ListeningAsync();
        Assert.Equal("127.0.0.1", address.Host);
        using var client = Callers.Http1(address);
        var pools = await client.GetStringAsync("/admin/pools");
        Assert.Contains("\"endpoint\": \"echo\"", pools, StringComparison.Ordinal);
        Assert.Contains("\"endpoint\": \"hello\"", pools, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1:8080", new GatewayOptions().Listen);
    }

    [Fact]
    public async Task Start_ConfiguredByItsEnvironment_ServesThatAndNoSamples()
    {
        await using var upstream = Http1Upstream.Start();
        await using var program = StandaloneProcess.Start(("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Address));
        using var client = Callers.Http1(await program.ListeningAsync());
        var call = client.GetStringAsync("/e/billing/orders");
        var request = await upstream.RequestAsync();
        Assert.Equal("GET /orders HTTP/1.1", request.Line);
        await request.AnswerAsync("seven");
        Assert.Equal("seven", await call.InTime("the answer"));
        Assert.DoesNotContain("hello", await client.GetStringAsync("/admin/pools"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithMistakes_TellsAllOfThem_WithKeyValueAndRange_AndEnds()
    {
        await using var program = StandaloneProcess.Start(
            ("Endpoints:billing:Protocol", "soap"),
            ("Endpoints:billing:Addresses:0", "nowhere"),
            ("Endpoints:billing:Pool:Max", "0"),
            ("Endpoints:billing:Pool:ConnectTimeout", "30"),
            ("Endpoints:billing:Pol:Max", "1"),
            ("DrainTimeout", "02:00:00"));
        Assert.NotEqual(0, await program.ExitAsync());
        Assert.Contains("OrleansPool:Endpoints:billing:Protocol = \"soap\": one of grpc, http2, http1, tcp, jsonrpc is expected.", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:Endpoints:billing:Addresses:0 = \"nowhere\": host:port is expected", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:Endpoints:billing:Pool:Max = 0: allowed are 1 to 10000.", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:Endpoints:billing:Pool:ConnectTimeout = \"30\": a time as hours:minutes:seconds", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:Endpoints:billing:Pol = \"...\": no such key; known are ", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:DrainTimeout = 02:00:00: allowed are 00:00:00 to 01:00:00.", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithMistakesInEndpointsAndGateway_TellsBoth()
    {
        await using var program = StandaloneProcess.Start(("DrainTimeout", "02:00:00"), ("Gateway:MaxStreamsPerConnection", "0"));
        Assert.NotEqual(0, await program.ExitAsync());
        Assert.Contains("OrleansPool:DrainTimeout = 02:00:00: ", program.Errors, StringComparison.Ordinal);
        Assert.Contains("OrleansPool:Gateway:MaxStreamsPerConnection = 0: allowed are 1 to 100000.", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysSoPlainly_AndEnds()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{taken.LocalEndpoint}";
        await using var program = StandaloneProcess.Start(("Gateway:Listen", port));
        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains($"OrleansPool:Gateway:Listen = \"{port}\": the port is taken, by another program or another of these options; choose one that is free on 127.0.0.1", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Terminate_WithACallInFlight_FinishesItAndEndsCleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var upstream = Http1Upstream.Start();
        await using var program = StandaloneProcess.Start(("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Address));
        using var client = Callers.Http1(await program.ListeningAsync());
        var call = client.GetStringAsync("/e/billing/");
        var request = await upstream.RequestAsync();
        program.Terminate();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "the program not to be ready");
        await request.AnswerAsync("finished");
        Assert.Equal("finished", await call.InTime("the answer"));
        Assert.Equal(0, await program.ExitAsync());
        Assert.Equal("", program.Errors.Trim());
    }
}
