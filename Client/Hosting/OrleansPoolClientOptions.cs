namespace OrleansPool.Client.Hosting;

/// <summary>How this process reaches the pool.</summary>
public sealed class OrleansPoolClientOptions
{
    private const int MaxIdLength = 256;

    private static readonly TimeSpan _mostToNotice = TimeSpan.FromSeconds(2);

    /// <summary>
    /// By which way endpoints are called. <see cref="PoolMode.Local"/> needs the configuration of those endpoints:
    /// <c>AddOrleansPoolClient(builder.Configuration, ...)</c>. A silo of the pool uses its own connections in either mode. Default routed.
    /// </summary>
    public PoolMode Mode { get; set; } = PoolMode.Routed;

    /// <summary>
    /// Lanes per endpoint: ways through the cluster that calls are spread over. More lanes than gateways and cores bring nothing. 1 to 64, default 8.
    /// </summary>
    public int Lanes { get; set; } = 8;

    /// <summary>How often a lane with calls in flight is asked whether its silo lives. 100 ms to 1 s, and with <see cref="BeatTimeout"/> at most 2 s; default 500 ms.</summary>
    public TimeSpan BeatPeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A silo that does not answer a beat within this is taken for dead, and the calls in flight on it fail. 100 ms to 1.5 s, default 1 s.</summary>
    public TimeSpan BeatTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Who this process is to the pool's queues, where they are fair to callers (<c>Queue:Fairness</c>) and a call has none of the headers that name one.
    /// Processes with the same id are one caller. 1 to 256 characters; default: the application's name.
    /// </summary>
    public string? ClientId { get; set; }

    internal void Check(bool hasConfiguration)
    {
        var errors = new Core.Hosting.ConfigErrors();
        if (Mode == PoolMode.Local && !hasConfiguration)
            errors.Add(nameof(Mode), Mode, "the endpoints to hold are read from the configuration; call AddOrleansPoolClient(builder.Configuration, ...)");
        if (!Enum.IsDefined(Mode)) errors.Add(nameof(Mode), Mode, "Routed or Local is expected");
        if (ClientId is { Length: 0 or > MaxIdLength }) errors.Add(nameof(ClientId), ClientId, $"1 to {MaxIdLength} characters are expected");
        errors.Range(nameof(Lanes), Lanes, 1, 64);
        errors.Range(nameof(BeatPeriod), BeatPeriod, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        errors.Range(nameof(BeatTimeout), BeatTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1.5));
        if (BeatPeriod + BeatTimeout > _mostToNotice)
            errors.Add($"{nameof(BeatPeriod)} + {nameof(BeatTimeout)}", BeatPeriod + BeatTimeout, $"at most {_mostToNotice} together: callers are promised to hear of a dead silo within that");
        errors.ThrowIfAny();
    }
}
