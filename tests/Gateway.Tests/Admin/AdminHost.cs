using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>A host with one endpoint, <c>billing</c>, whose operator has a key; and what it wrote to the log.</summary>
internal static class AdminHost
{
    public const string Key = "0123456789abcdef-canary";

    /// <summary>A host with these settings below <c>OrleansPool:Gateway:</c>, in that environment.</summary>
    public static Task<GatewayHost> StartAsync(string upstream, LogLines? log = null, string environment = "Production", params (string Key, string Value)[] settings) => GatewayHost.StartAsync(
        builder =>
        {
            builder.Environment.EnvironmentName = environment;
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"OrleansPool:Gateway:{setting.Key}", (string?)setting.Value)));
            if (log is not null) builder.Logging.AddProvider(log);
        },
        ("billing:Protocol", "http1"), ("billing:Addresses:0", upstream), ("billing:Pool:Max", "30"), ("billing:Limits:Initial", "7"));

    /// <summary>One whose operator has the key.</summary>
    public static Task<GatewayHost> StartWithKeyAsync(string upstream, LogLines? log = null) => StartAsync(upstream, log, settings: [("Admin:Write", "true"), ("Admin:Key", Key)]);

    /// <summary>A request that tells the host something, with what its sender sends to be let in.</summary>
    public static async Task<HttpResponseMessage> TellAsync(this HttpClient client, string path, string? key = Key, string? name = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        if (name is not null) request.Headers.Add("orleanspool-operator", name);
        return await client.SendAsync(request).InTime("an answer");
    }
}
