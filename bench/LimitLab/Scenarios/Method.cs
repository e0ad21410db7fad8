using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>One of the upstream's methods.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Share">Its share of the calls.</param>
/// <param name="Service">How long it takes.</param>
/// <param name="IsStream">True for a call whose length says nothing of the load, and which has no deadline.</param>
internal sealed record Method(string Name, double Share, ServiceTime Service, bool IsStream);
