namespace OrleansPool.Core.Calls.Hedging;

/// <summary>
/// Sending a call once more when its answer is late, for calls that may be done twice without harm: the first good answer counts. Off unless
/// <see cref="Methods"/> or <see cref="ByCaller"/> says which calls those are; docs/health.md has the whole of it.
/// </summary>
public sealed class HedgingOptions
{
    /// <summary>
    /// Calls that may be done twice: <c>/package.Service/Method</c>, <c>/reports/*</c> for all that begin so, <c>POST /search</c> with HTTP, where a path alone
    /// means GET and HEAD. 0 to 64 entries. Default: none.
    /// </summary>
    public string[] Methods { get; set; } = [];

    /// <summary>Whether callers may mark calls themselves, by <see cref="Model.CallMarks.Idempotent"/>. Default: false.</summary>
    public bool ByCaller { get; set; }

    /// <summary>An answer is late after this time, counted from when the call was sent. 1 ms to 1 min. Default: none, <see cref="Percentile"/> says when.</summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>Without <see cref="Delay"/>: an answer is late that takes longer than this share of the endpoint's marked calls of late. 0.5 to 0.999, default 0.95.</summary>
    public double Percentile { get; set; } = 0.95;

    /// <summary>Attempts under way for one call at most, the first included. 2 to 5, default 2.</summary>
    public int MaxAttempts { get; set; } = 2;

    /// <summary>True when any call can be hedged.</summary>
    internal bool IsOn => Methods.Length > 0 || ByCaller;
}
