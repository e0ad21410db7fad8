using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>The distribution of one method's service time.</summary>
/// <param name="Shape">How it spreads.</param>
/// <param name="Mean">Its mean.</param>
/// <param name="Sigma">Of a lognormal one, the deviation of the logarithm.</param>
internal sealed record ServiceTime(ServiceShape Shape, TimeSpan Mean, double Sigma)
{
    /// <summary>A service time over its mean.</summary>
    public double Draw(Randomness random) => Shape switch
    {
        ServiceShape.Exponential => random.NextExponential(),
        ServiceShape.Lognormal => Math.Exp((Sigma * random.NextNormal()) - (Sigma * Sigma / 2)),
        ServiceShape.Uniform => 0.5 + random.Next(),
        _ => 1,
    };
}
