using Microsoft.Extensions.Configuration;

namespace OrleansPool.Core.Hosting;

/// <summary>Checks what another part reads of the configuration, so that a change is refused for a mistake anywhere in it. Thread-safe.</summary>
public interface IConfigurationCheck
{
    /// <summary>Adds every mistake to <paramref name="errors"/>.</summary>
    void Check(IConfiguration configuration, ConfigErrors errors);
}
