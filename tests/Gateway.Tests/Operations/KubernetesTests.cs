using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>The manifests fit together: names, ports and times that one part takes from another.</summary>
public class KubernetesTests
{
    [SkippableFact]
    public async Task Deployment_HasThreeProbes_OnPagesAndPortsThatAreThere()
    {
        var silo = Container(await KindAsync("Deployment"));
        var ports = silo.GetProperty("ports").EnumerateArray().ToDictionary(port => port.GetProperty("name").GetString()!, port => port.GetProperty("containerPort").GetInt32());
        Assert.Equal(("/alive", "http"), Probe(silo, "startupProbe"));
        Assert.Equal(("/alive", "http"), Probe(silo, "livenessProbe"));
        Assert.Equal(("/ready", "http"), Probe(silo, "readinessProbe"));
        var pool = (await ConfigurationAsync()).GetSection("OrleansPool");
        Assert.Equal((ports["http"], ports["silo"], ports["gateway"]), (int.Parse(pool["Gateway:Listen"]!.Split(':')[1], null), pool.GetValue<int>("Cluster:SiloPort"), pool.GetValue<int>("Cluster:GatewayPort")));
        var service = (await KindAsync("Service")).GetProperty("spec").GetProperty("ports").EnumerateArray().Select(port => port.GetProperty("targetPort").GetString()!);
        var policy = (await KindAsync("NetworkPolicy")).GetProperty("spec").GetProperty("ingress").EnumerateArray().SelectMany(rule => rule.GetProperty("ports").EnumerateArray()).Select(port => port.GetProperty("port").GetString()!);
        Assert.All(service.Concat(policy), name => Assert.Contains(name, ports.Keys));
    }

    [SkippableFact]
    public async Task Selectors_AllNameTheDeploymentsPods()
    {
        var deployment = (await KindAsync("Deployment")).GetProperty("spec");
        var app = deployment.GetProperty("template").GetProperty("metadata").GetProperty("labels").GetProperty("app").GetString();
        Assert.Equal(app, deployment.GetProperty("selector").GetProperty("matchLabels").GetProperty("app").GetString());
        Assert.Equal(app, (await KindAsync("Service")).GetProperty("spec").GetProperty("selector").GetProperty("app").GetString());
        Assert.Equal(app, (await KindAsync("PodDisruptionBudget")).GetProperty("spec").GetProperty("selector").GetProperty("matchLabels").GetProperty("app").GetString());
        Assert.Equal(app, (await KindAsync("NetworkPolicy")).GetProperty("spec").GetProperty("podSelector").GetProperty("matchLabels").GetProperty("app").GetString());
    }

    [SkippableFact]
    public async Task GracePeriod_IsLongerThanTheDrain_AndNothingRunsAsRoot()
    {
        var pod = (await KindAsync("Deployment")).GetProperty("spec").GetProperty("template").GetProperty("spec");
        var drain = TimeSpan.Parse((await ConfigurationAsync())["OrleansPool:DrainTimeout"]!, null);
        Assert.True(pod.GetProperty("terminationGracePeriodSeconds").GetInt32() > drain.TotalSeconds + 5);
        Assert.True(pod.GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
        Assert.False(Container(await KindAsync("Deployment")).GetProperty("securityContext").GetProperty("allowPrivilegeEscalation").GetBoolean());
    }

    private static async Task<JsonElement> KindAsync(string kind) =>
        Assert.Single(await Yaml.ReadAsync(Path.Combine(Deployment.Folder, "kubernetes", "orleanspool.yml")), document => document.GetProperty("kind").GetString() == kind);

    private static JsonElement Container(JsonElement deployment) =>
        Assert.Single(deployment.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers").EnumerateArray());

    private static (string Path, string Port) Probe(JsonElement container, string name)
    {
        var get = container.GetProperty(name).GetProperty("httpGet");
        return (get.GetProperty("path").GetString()!, get.GetProperty("port").GetString()!);
    }

    private static async Task<IConfiguration> ConfigurationAsync()
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes((await KindAsync("ConfigMap")).GetProperty("data").GetProperty("appsettings.json").GetString()!));
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }
}
