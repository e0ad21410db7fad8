namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>What each holder's callers asked for and got in a stretch of time.</summary>
/// <param name="At">Its end.</param>
/// <param name="Offered">Calls that arrived, by the holder that their callers are connected to.</param>
/// <param name="Good">Calls among them that ended well.</param>
internal sealed record FairnessWindow(TimeSpan At, int[] Offered, int[] Good);
