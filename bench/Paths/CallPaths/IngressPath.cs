using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>Through the ingress of the Standalone host, which finds the endpoint by the host name that the caller sends.</summary>
internal sealed class IngressPath() : CallPath("ingress", CallKind.Grpc)
{
    public override string? WhyLeftOut(BuiltFiles files) => WhyNoHost(files);

    /// <summary>Null when the Standalone host can be started, else what to do.</summary>
    public static string? WhyNoHost(BuiltFiles files) => File.Exists(files.Standalone) ? null : $"not built; dotnet build Standalone -c {files.Configuration}";

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var host = await HostProcess.StartAsync(bed, bed.Files.Standalone, port, HostProcess.EndpointOf("grpc", bed.Upstream.Http2), cancellation);
        return new RunningPath(this, await bed.StartLoadAsync(this, port, cancellation), host);
    }
}
