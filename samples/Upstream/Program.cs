// The upstream that `./pool up` puts behind the pool. Ports: --grpc (HTTP/2, default 50051) and --http (HTTP/1.1, default 50052).
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansPool.Samples.Upstream;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
    kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("grpc", 50051), listen => listen.Protocols = HttpProtocols.Http2);
    kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("http", 50052), listen => listen.Protocols = HttpProtocols.Http1);
});

var app = builder.Build();
app.MapPost("/echo.Echo/Unary", EchoService.RepeatAsync);
app.MapPost("/echo.Echo/Chat", EchoService.RepeatAsync);
app.MapGet("/{**path}", (HttpContext context) => $"hello from the upstream: {context.Request.Method} {context.Request.Path}\n");
await app.RunAsync();
