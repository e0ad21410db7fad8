namespace OrleansPool.Gateway.Admin;

/// <summary>Something that is not as it should be.</summary>
/// <param name="About">Whose it is: an endpoint, a host, the configuration.</param>
/// <param name="What">What was found.</param>
/// <param name="Hint">What to do next.</param>
internal sealed record Finding(string About, string What, string Hint);
