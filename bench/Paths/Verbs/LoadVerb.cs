using System.CommandLine;
using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Verbs;

/// <summary>
/// The load generator of every path that begins with a socket. gRPC calls share one connection, as those of a gRPC channel do; callers of the other protocols
/// have one each.
/// </summary>
internal static class LoadVerb
{
    public const string Name = "load";
    public const string PortOption = "--port";
    public const string CallsOption = "--calls";

    public static Command Create()
    {
        var port = new Option<int>(PortOption) { Description = "Where to connect, on this machine.", Required = true };
        var calls = new Option<CallKind>(CallsOption) { Description = "What to call.", Required = true };
        var verb = new Command(Name, "Internal: the load generator of the bench.") { port, calls };
        verb.Hidden = true;
        verb.SetAction((parsed, _) => ServeAsync(parsed.GetRequiredValue(calls), parsed.GetRequiredValue(port)));
        return verb;
    }

    private static async Task<int> ServeAsync(CallKind calls, int port)
    {
        using var invoker = new HttpMessageInvoker(NewHandler());
        var origin = new Uri($"http://127.0.0.1:{port}");
        Func<Task<ICaller>> newCaller = calls switch
        {
            CallKind.Frame => () => FrameCaller.ConnectAsync(port),
            CallKind.JsonRpc => () => JsonRpcCaller.ConnectAsync(port),
            _ => () => Task.FromResult<ICaller>(new UnaryCaller(invoker, origin)),
        };
        await LoadProcess.ServeAsync(newCaller, Console.In, Console.Out);
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
