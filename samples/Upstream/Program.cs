// The upstream that `./pool up` puts behind the pool. Ports: --grpc (HTTP/2, default 50051), --http (HTTP/1.1, default 50052), and --tcp (a line back for each, none unless
// it is given). --listen has it answer on another address than this machine's own.
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansPool.Samples.Upstream;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var address = IPAddress.Parse(builder.Configuration.GetValue("listen", "127.0.0.1")!);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
    kestrel.Listen(address, builder.Configuration.GetValue("grpc", 50051), listen => listen.Protocols = HttpProtocols.Http2);
    kestrel.Listen(address, builder.Configuration.GetValue("http", 50052), listen => listen.Protocols = HttpProtocols.Http1);
    if (builder.Configuration.GetValue<int?>("tcp") is { } tcp) kestrel.Listen(address, tcp, listen => listen.Run(EchoService.RepeatBytesAsync));
});

var app = builder.Build();
app.MapPost("/echo.Echo/Unary", EchoService.RepeatAsync);
app.MapPost("/echo.Echo/Chat", EchoService.RepeatAsync);
app.MapGet("/{**path}", (HttpContext context) => $"hello from the upstream: {context.Request.Method} {context.Request.Path}\n");
await app.RunAsync();
