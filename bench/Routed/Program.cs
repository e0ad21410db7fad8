// Started by OrleansPool.Bench.Paths: the same load as on every other path, by the pool's client: through a silo on this machine, or over connections of its own.
using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Bench.Load;
using OrleansPool.Client.Hosting;

var gateway = new Option<int>("--gateway") { Description = "Port on this machine where the silo takes cluster clients.", Required = true };
var cluster = new Option<string>("--cluster") { Description = "Name of the cluster.", Required = true };
var endpoint = new Option<string>("--endpoint") { Description = "Name of the endpoint to call.", Required = true };

var upstream = new Option<string?>("--upstream") { Description = "host:port of the upstream, to hold connections to it here: local mode." };

var root = new RootCommand("Load generator of the bench, by the pool's client. ./pool bench starts it; it takes orders such as 'run 64 3'.")
{
    gateway, cluster, endpoint, upstream,
};
root.SetAction(async (parsed, cancellation) =>
{
    var (name, called) = (parsed.GetRequiredValue(cluster), parsed.GetRequiredValue(endpoint));
    var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.Logging.AddFilter(level => level >= LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.UseOrleansClient(client => client.UseLocalhostClustering(parsed.GetRequiredValue(gateway), serviceId: name, clusterId: name));
    if (parsed.GetValue(upstream) is { } address)
    {
        builder.Configuration.AddInMemoryCollection([new($"OrleansPool:Endpoints:{called}:Protocol", "grpc"), new($"OrleansPool:Endpoints:{called}:Addresses:0", address)]);
        builder.Services.AddOrleansPoolClient(builder.Configuration, pool => pool.Mode = PoolMode.Local);
    }
    else
    {
        builder.Services.AddOrleansPoolClient();
    }

    using var host = builder.Build();
    await host.StartAsync(cancellation);
    using var invoker = new HttpMessageInvoker(host.Services.GetRequiredService<OrleansPoolClient>().CreateHandler(called));
    var origin = new Uri($"http://{called}.pool");
    await LoadProcess.ServeAsync(() => Task.FromResult<ICaller>(new UnaryCaller(invoker, origin)), Console.In, Console.Out);
    await host.StopAsync(CancellationToken.None);
});
return await root.Parse(args).InvokeAsync();
