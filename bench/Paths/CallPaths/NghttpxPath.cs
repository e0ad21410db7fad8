namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>nghttpx, HTTP/2 on both sides. It needs no file, and must not find the system's.</summary>
internal sealed class NghttpxPath() : ProxyPath("nghttpx", CallKind.Grpc, "nghttpx", "nghttp2-proxy")
{
    protected override IEnumerable<string> Arguments(string folder, int port, int upstream) =>
    [
        "--conf=/dev/null",
        $"--frontend=127.0.0.1,{port};no-tls",
        $"--backend=127.0.0.1,{upstream};;proto=h2",
        "--workers=1",
        "--single-process",
        "--log-level=ERROR",
        "--frontend-http2-max-concurrent-streams=1000",
        "--frontend-http2-read-timeout=1h",
        "--backend-read-timeout=1h",
    ];
}
