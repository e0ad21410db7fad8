namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>HAProxy, HTTP/2 on both sides.</summary>
internal sealed class HaproxyPath() : ProxyPath("haproxy", CallKind.Grpc, "haproxy", "haproxy")
{
    protected override IEnumerable<string> Arguments(string folder, int port, int upstream) =>
        ["-db", "-q", "-f", Write(folder, Configuration(port, upstream))];

    private static string Configuration(int port, int upstream) => $"""
        global
            nbthread 1
            maxconn 4096
            tune.h2.max-concurrent-streams 1000
        defaults
            mode http
            http-reuse always
            timeout connect 5s
            timeout client 1h
            timeout server 1h
        frontend callers
            bind 127.0.0.1:{port} proto h2
            default_backend echo
        backend echo
            server upstream 127.0.0.1:{upstream} proto h2

        """;
}
