using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>By the pool's own client, through a silo. The client lives in a program of its own, which only a full feed can build.</summary>
internal class RoutedPath(string name = "routed") : CallPath(name, CallKind.Grpc)
{
    public override string? WhyLeftOut(BuiltFiles files) => File.Exists(files.Silo) && File.Exists(files.RoutedLoad)
        ? null
        : $"not built; with a feed that has all of Orleans, dotnet build Silo and bench/Routed with -c {files.Configuration}";

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation)
    {
        // A cluster of its own by name as well as by ports, so that no other silo on this machine answers in its place.
        var (siloPort, gatewayPort, cluster) = ($"{FreePort.Next()}", $"{FreePort.Next()}", $"bench-{Name}-{Environment.ProcessId}");
        (string, string)[] settings = [("Cluster__SiloPort", siloPort), ("Cluster__GatewayPort", gatewayPort), ("Cluster__ClusterId", cluster), .. HostProcess.EndpointOf("grpc", bed.Upstream.Http2)];
        var silo = await HostProcess.StartAsync(bed, bed.Files.Silo, FreePort.Next(), settings, cancellation);
        var load = DotnetProgram.Start(bed.Files.RoutedLoad, ["--gateway", gatewayPort, "--cluster", cluster, "--endpoint", HostProcess.Endpoint, .. MoreArguments(bed)]);
        return new RunningPath(this, await bed.StartLoadAsync(Name, load, cancellation), silo);
    }

    /// <summary>What the load generator is told besides.</summary>
    protected virtual IEnumerable<string> MoreArguments(TestBed bed) => [];
}
