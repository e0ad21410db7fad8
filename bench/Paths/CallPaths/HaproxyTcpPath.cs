namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>HAProxy, passing bytes: a connection upstream for each of a caller's, which it cannot share since it knows no frames.</summary>
internal sealed class HaproxyTcpPath() : ProxyPath("tcp-haproxy", CallKind.Frame, "haproxy", "haproxy")
{
    protected override IEnumerable<string> Arguments(string folder, int port, int upstream) =>
        ["-db", "-q", "-f", Write(folder, Configuration(port, upstream))];

    private static string Configuration(int port, int upstream) => $"""
        global
            nbthread 1
            maxconn 4096
        defaults
            mode tcp
            timeout connect 5s
            timeout client 1h
            timeout server 1h
        frontend callers
            bind 127.0.0.1:{port}
            default_backend echo
        backend echo
            server upstream 127.0.0.1:{upstream}

        """;
}
