namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>How the service times of one method spread around their mean.</summary>
internal enum ServiceShape
{
    /// <summary>All alike.</summary>
    Constant,

    /// <summary>Exponential.</summary>
    Exponential,

    /// <summary>Lognormal; sigma is the deviation of the logarithm.</summary>
    Lognormal,

    /// <summary>Evenly from half to one and a half of the mean.</summary>
    Uniform,
}
