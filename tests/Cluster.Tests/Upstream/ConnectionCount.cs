namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>Connections as the upstream sees them, from its accept to its close.</summary>
internal sealed class ConnectionCount
{
    private readonly Lock _gate = new();

    /// <summary>Open now.</summary>
    public int Open { get; private set; }

    /// <summary>The most that were ever open at the same instant.</summary>
    public int MostOpen { get; private set; }

    /// <summary>Counts a connection while it is served.</summary>
    public async Task CountAsync(Func<Task> serve)
    {
        lock (_gate) MostOpen = Math.Max(MostOpen, ++Open);
        try
        {
            await serve();
        }
        finally
        {
            lock (_gate) Open--;
        }
    }
}
