using Microsoft.AspNetCore.Http;
using OrleansPool.Bench.Processes;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Samples;

/// <summary>The scripts that the protocols' pages tell a reader to run, through a pool.</summary>
public class SampleScriptsTests
{
    [SkippableFact]
    public async Task HttpCallers_AllGetTheirOwnAnswers_OverFewConnections()
    {
        await using var upstream = await WebUpstream.StartAsync(context => context.Response.WriteAsync($"hello from the upstream: {context.Request.Method} {context.Request.Path}\n"));
        await using var host = await GatewayHost.StartAsync(("hello:Protocol", "http1"), ("hello:Addresses:0", upstream.Http1), ("hello:Pool:Max", "4"));

        await using var script = Start("python/call_hello.py", host.Target);
        Assert.Equal("200 of 200 answers were right", await script.ReadLineAsync("what the callers got"));
        Assert.InRange(host.Pool("hello").Totals.Connected, 1, 4);
    }

    [SkippableFact]
    public async Task GrpcCaller_GetsItsMessageBack()
    {
        await using var upstream = await WebUpstream.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Request.Body.CopyToAsync(context.Response.Body);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await using var host = await GatewayHost.StartAsync(("echo:Protocol", "grpc"), ("echo:Addresses:0", upstream.Http2));

        await using var script = Start("python/call_echo.py", host.Target, "as sent");
        Assert.Equal("as sent", await script.ReadLineAsync("the reply"));
    }

    [SkippableFact]
    public async Task JsonRpcCallers_AllGetTheirOwnAnswers_OverFewConnections()
    {
        var port = FreePort.Next();
        await using var server = Start("jsonrpc/server.py", $"{port}");
        await server.ReadLineAsync("the server to listen");
        await using var host = await GatewayHost.StartAsync(
            ("quotes:Protocol", "jsonrpc"), ("quotes:Addresses:0", $"127.0.0.1:{port}"), ("quotes:Listen", "127.0.0.1:0"), ("quotes:Pool:Max", "4"));

        await using var script = Start("jsonrpc/client.py", host.Port(0).Split(':')[1]);
        Assert.Equal("1000 of 1000 answers were right", await script.ReadLineAsync("what the callers got"));
        Assert.InRange(host.Pool("quotes").Totals.Connected, 1, 4);
    }

    private static ScriptProcess Start(string script, params string[] arguments) =>
        ScriptProcess.Start(RequiredTool.PythonWithGrpc(), null, ["-u", Path.Combine(BuiltFiles.RootOfSelf()!, "samples", script), .. arguments]);
}
