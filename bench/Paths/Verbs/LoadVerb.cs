using System.CommandLine;
using OrleansPool.Bench.Load;

namespace OrleansPool.Bench.Paths.Verbs;

/// <summary>The load generator of every path that begins with HTTP/2: one connection, shared by all calls, as a gRPC channel does it.</summary>
internal static class LoadVerb
{
    public const string Name = "load";
    public const string PortOption = "--port";

    public static Command Create()
    {
        var port = new Option<int>(PortOption) { Description = "Where to connect, on this machine.", Required = true };
        var verb = new Command(Name, "Internal: the load generator of the bench.") { port };
        verb.Hidden = true;
        verb.SetAction((parsed, _) => ServeAsync(new Uri($"http://127.0.0.1:{parsed.GetRequiredValue(port)}")));
        return verb;
    }

    private static async Task<int> ServeAsync(Uri origin)
    {
        using var invoker = new HttpMessageInvoker(NewHandler());
        await LoadProcess.ServeAsync(invoker, origin, Console.In, Console.Out);
        return 0;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        // The connection has to outlive the slices of the other paths.
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        ActivityHeadersPropagator = null,
        UseCookies = false,
        UseProxy = false,
    };
}
