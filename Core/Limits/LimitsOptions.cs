using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Limits;

/// <summary>How many calls may be in flight, in the whole cluster, how large messages may be, and how long calls may take.</summary>
public sealed class LimitsOptions
{
    /// <summary>The law that finds the limit: adaptive, fixed (stays at <see cref="Max"/>), aimd, gradient2 or vegas. Default adaptive.</summary>
    public string Law { get; set; } = LimitLaws.Default;

    /// <summary>What is done with the limit: enforce, observe or off. Default enforce.</summary>
    public LimitMode Mode { get; set; }

    /// <summary>The limit never falls below this. 1 to <see cref="Max"/>; default 4, or <see cref="Max"/> where that is less.</summary>
    public int? Min { get; set; }

    /// <summary>The limit never rises above this. 1 to 1,000,000; default: all that the channels can carry, Pool:Max times Pool:CallsPerChannel.</summary>
    public int? Max { get; set; }

    /// <summary>Where the limit begins when nothing is remembered. <see cref="Min"/> to <see cref="Max"/>; default 20, or the nearer of the two.</summary>
    public int? Initial { get; set; }

    /// <summary>
    /// For the law adaptive: response times are ill when the slowest tenth takes longer than this, whatever was usual before. 1 ms to 24 h; default: no such
    /// bound. Half of the callers' deadline is a good one.
    /// </summary>
    public TimeSpan? SlowestHealthy { get; set; }

    /// <summary>
    /// Bytes of a request message at most: of each message in a gRPC call, of the body otherwise. 1 to 4,294,967,295; default: no limit, as memory does
    /// not grow with the message.
    /// </summary>
    public long? MaxRequestMessageBytes { get; set; }

    /// <summary>The same for response messages. 1 to 4,294,967,295; default: no limit.</summary>
    public long? MaxResponseMessageBytes { get; set; }

    /// <summary>Deadline of calls that bring none of their own, queueing included. 1 ms to 24 h; default: none.</summary>
    public TimeSpan? DefaultDeadline { get; set; }
}
