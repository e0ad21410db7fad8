using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>Through an endpoint's own listening port of the Standalone host: each caller has a connection to it.</summary>
/// <param name="name">The path's name.</param>
/// <param name="calls">What its callers do.</param>
/// <param name="protocol">The endpoint's protocol.</param>
/// <param name="settings">The endpoint's settings beyond where it is and where it listens.</param>
internal abstract class PortPath(string name, CallKind calls, string protocol, params (string Key, string Value)[] settings) : CallPath(name, calls)
{
    public override string? WhyLeftOut(BuiltFiles files) => IngressPath.WhyNoHost(files);

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var endpoint = HostProcess.EndpointOf(protocol, bed.Upstream.Of(Calls), [("Listen", $"127.0.0.1:{port}"), .. settings]);
        var host = await HostProcess.StartAsync(bed, bed.Files.Standalone, FreePort.Next(), endpoint, cancellation);
        return new RunningPath(this, await bed.StartLoadAsync(this, port, cancellation), host);
    }
}
