using Microsoft.Extensions.Configuration;

namespace OrleansPool.Core.Hosting;

/// <summary>Reads and checks the section <c>OrleansPool</c>, at the start and whenever it has changed. Thread-safe if <paramref name="configure"/> is.</summary>
/// <param name="configuration">The whole configuration.</param>
/// <param name="configure">Adds to or changes what was read, before it is checked.</param>
/// <param name="framings">What <c>Tcp:Framing</c> may name.</param>
internal sealed class OptionsReader(IConfiguration configuration, Action<OrleansPoolOptions>? configure, Framings framings)
{
    public IConfiguration Configuration { get; } = configuration;

    /// <summary>What stands there now; what is wrong with it is added to <paramref name="errors"/>.</summary>
    public OrleansPoolOptions Read(ConfigErrors errors)
    {
        var options = new OrleansPoolOptions();
        StrictBinder.Bind(Configuration.GetSection(OrleansPoolOptions.Section), options, OrleansPoolOptions.Section, errors, OrleansPoolOptions.OtherParts);
        configure?.Invoke(options);
        OptionsValidator.Check(options, framings, errors);
        FallbackRules.Check(options, errors);
        return options;
    }
}
