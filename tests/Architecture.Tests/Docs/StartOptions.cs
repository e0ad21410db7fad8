using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>What a host says of a configuration when it starts.</summary>
internal static class StartOptions
{
    private const string Endpoint = "OrleansPool:Endpoints:billing";

    /// <summary>The smallest configuration that a host accepts.</summary>
    public static IConfiguration Minimal(string protocol) => new ConfigurationBuilder().AddInMemoryCollection(MinimalPairs(protocol)).Build();

    /// <summary>The mistakes that a start with <paramref name="value"/> under <paramref name="key"/> finds there.</summary>
    public static IReadOnlyList<string> Refusals(string key, object value)
    {
        var path = key.Replace("OrleansPool:Endpoints:<name>", Endpoint, StringComparison.Ordinal);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(MinimalPairs(ProtocolOf(key))).AddInMemoryCollection([new(path, Notation.Configured(value))]);
        return [.. Mistakes(configuration).Where(mistake => mistake.StartsWith($"{path} = ", StringComparison.Ordinal))];
    }

    /// <summary>All mistakes in a JSON file.</summary>
    public static IReadOnlyList<string> MistakesIn(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Mistakes(new ConfigurationBuilder().AddJsonStream(stream));
    }

    private static IReadOnlyList<string> Mistakes(IConfigurationBuilder configuration)
    {
        // Empty: the other builders watch settings files, of which a machine allows a limited number.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(configuration.Build());
        try
        {
            builder.AddOrleansPoolGateway();
            return [];
        }
        catch (InvalidConfigurationException e)
        {
            return e.Errors;
        }
    }

    private static string ProtocolOf(string key) =>
        key.Contains(":Tcp:", StringComparison.Ordinal) || key.Contains(":KeepAlive:", StringComparison.Ordinal) ? "tcp" : key.Contains(":JsonRpc:", StringComparison.Ordinal) ? "jsonrpc" : "http2";

    private static Dictionary<string, string?> MinimalPairs(string protocol) => new() { [$"{Endpoint}:Protocol"] = protocol, [$"{Endpoint}:Addresses:0"] = "127.0.0.1:50051" };
}
