using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Processes;

/// <summary>Where the upstream listens on this machine, for each kind of call. Its process tells by its first line.</summary>
internal sealed record UpstreamPorts(int Http2, int Frames, int JsonRpc)
{
    private const string Greeting = "listening on";

    /// <summary>The port for these calls.</summary>
    public int Of(CallKind calls) => calls switch
    {
        CallKind.Frame => Frames,
        CallKind.JsonRpc => JsonRpc,
        _ => Http2,
    };

    /// <summary>The line.</summary>
    public string ToLine() => $"{Greeting} {Http2} {Frames} {JsonRpc}";

    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    public static UpstreamPorts Parse(string line)
    {
        var ports = line[Greeting.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        return new UpstreamPorts(ports[0], ports[1], ports[2]);
    }
}
