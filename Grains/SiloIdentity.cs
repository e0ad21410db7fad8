using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains;

/// <summary>Who this silo is to its clients: the answer to every beat.</summary>
internal sealed class SiloIdentity(ILocalSiloDetails silo)
{
    public BeatMessage Beat { get; } = new() { SiloRun = Random.Shared.Next(1, int.MaxValue), Gateway = silo.GatewayAddress.Endpoint.ToString() };
}
