using OrleansPool.Bench.Paths.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>By the pool's own client over connections that it holds itself: local mode. The silo deals it its share, and carries no call but the first.</summary>
internal sealed class LocalPath() : RoutedPath("local")
{
    protected override IEnumerable<string> MoreArguments(TestBed bed) => ["--upstream", $"127.0.0.1:{bed.Upstream.Http2}"];
}
