using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>docker-compose.yml, as docker-compose itself reads it, and the images that it builds.</summary>
public class ComposeTests
{
    private static readonly string _file = Path.Combine(Deployment.Root, "docker-compose.yml");

    [SkippableFact]
    public async Task File_IsUnderstoodByDockerCompose_WithAllItsServices()
    {
        var services = (await RequiredTool.RunAsync("docker-compose", "docker-compose", "-f", _file, "config", "--services")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["grafana", "load", "postgres", "prometheus", "silo1", "silo2", "silo3", "upstream"], services.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Silos_HaveLongerToStopThanTheirDrainTakes_AndServeThisMachineOnly()
    {
        var services = Assert.Single(await Yaml.ReadAsync(_file)).GetProperty("services");
        var drain = TimeSpan.Parse(Cluster["OrleansPool:DrainTimeout"]!, null);
        foreach (var silo in (string[])["silo1", "silo2", "silo3"])
        {
            var service = services.GetProperty(silo);
            Assert.True(int.Parse(service.GetProperty("stop_grace_period").GetString()!.TrimEnd('s'), null) > drain.TotalSeconds + 5);
            Assert.True(service.GetProperty("read_only").GetBoolean());
        }

        var published = services.EnumerateObject().Where(service => service.Value.TryGetProperty("ports", out _)).SelectMany(service => service.Value.GetProperty("ports").EnumerateArray());
        Assert.All(published, port => Assert.StartsWith("127.0.0.1:", port.GetString(), StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Names_InConfigurationFiles_AreServices()
    {
        var services = Assert.Single(await Yaml.ReadAsync(_file)).GetProperty("services").EnumerateObject().Select(service => service.Name).ToList();
        var targets = Assert.Single(await Yaml.ReadAsync(Path.Combine(Deployment.Folder, "prometheus", "targets", "compose.yml")));
        var scraped = targets[0].GetProperty("targets").EnumerateArray().Select(target => target.GetString()!);
        var upstreams = Cluster.GetSection("OrleansPool:Endpoints").GetChildren().Select(endpoint => endpoint["Addresses:0"]!);
        Assert.All(scraped.Concat(upstreams), address => Assert.Contains(address.Split(':')[0], services));
        Assert.Contains("http://prometheus:9090", Deployment.Read("grafana/provisioning/datasources/prometheus.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_RunAsNobodySpecial_AndTheSiloSaysWhetherItIsReady()
    {
        var stages = Regex.Split(Deployment.Read("docker/Dockerfile"), "^FROM ", RegexOptions.Multiline, TimeSpan.FromSeconds(1))[1..];
        Assert.Equal(4, stages.Length);
        Assert.All(stages[1..], stage => Assert.Matches(new Regex(@"^USER \$APP_UID$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)), stage));
        Assert.Contains("HEALTHCHECK", stages[1], StringComparison.Ordinal);
        Assert.Contains("GET /ready", Deployment.Read("docker/is-ready"), StringComparison.Ordinal);
    }

    private static IConfiguration Cluster { get; } = new ConfigurationBuilder().AddJsonFile(Path.Combine(Deployment.Folder, "cluster", "appsettings.json")).Build();
}
