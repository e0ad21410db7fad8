namespace OrleansPool.Core.Calls;

/// <summary>What becomes of a call for which no permit or channel can be had; docs/health.md has the whole of it.</summary>
public sealed class DegradationOptions
{
    /// <summary>Wait, be refused, or go to <see cref="Fallback"/>. Default wait.</summary>
    public DegradationMode Mode { get; set; } = DegradationMode.Wait;

    /// <summary>Name of the endpoint, of the same protocol, that takes the calls over. Default none; required with <see cref="DegradationMode.Fallback"/>, and only there.</summary>
    public string? Fallback { get; set; }
}
