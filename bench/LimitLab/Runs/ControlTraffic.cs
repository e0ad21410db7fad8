namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>What the way between holders and budget carried, both directions together.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Bytes">Their bytes, as <see cref="Metrics.WireSize"/> works them out.</param>
internal sealed record ControlTraffic(long Messages, long Bytes);
