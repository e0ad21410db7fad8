namespace OrleansPool.Core.Pooling.Health;

/// <summary>When an address that is worse than the others of its endpoint gets no calls for a while; docs/health.md has the whole of it.</summary>
public sealed class OutlierOptions
{
    /// <summary>Failed calls in a row after which an address is left out. 0 to 1,000, 0 for never; default 5.</summary>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Share of failed calls from which an address is left out. 0 to 1, 0 for never; default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>An address is left out whose mean response time is so many times that of the others. 2 to 100, or 0 for never; default 10.</summary>
    public double LatencyFactor { get; set; } = 10;

    /// <summary>Calls of an address that it takes to judge by ratio and response time. 1 to 10,000, default 20.</summary>
    public int MinCalls { get; set; } = 20;

    /// <summary>Ratio and response time are judged this often, over the last one to two of these. 1 s to 5 min, default 10 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an address is left out for the first time; doubles with each time that follows soon. 1 s to 10 min, default 30 s.</summary>
    public TimeSpan EjectionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound of that doubling. <see cref="EjectionTime"/> to 1 h, default 5 min.</summary>
    public TimeSpan MaxEjectionTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>At most this share of the addresses is left out for what calls show, though one of two or more may always be. 0 to 1, 0 for none ever; default 0.5.</summary>
    public double MaxShare { get; set; } = 0.5;

    /// <summary>An address that comes back gets its full part of the calls after this time. 1 s to 10 min, or 0 for at once; default 30 s.</summary>
    public TimeSpan SlowStart { get; set; } = TimeSpan.FromSeconds(30);
}
