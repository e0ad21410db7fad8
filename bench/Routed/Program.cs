// Started by OrleansPool.Bench.Paths: the same load as on every other path, through the pool's client and a silo on this machine.
using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Bench.Load;
using OrleansPool.Client.Hosting;

var gateway = new Option<int>("--gateway") { Description = "Port on this machine where the silo takes cluster clients.", Required = true };
var cluster = new Option<string>("--cluster") { Description = "Name of the cluster.", Required = true };
var endpoint = new Option<string>("--endpoint") { Description = "Name of the endpoint to call.", Required = true };

var root = new RootCommand("Load generator of the bench, routed through a cluster. ./pool bench starts it; it takes orders such as 'run 64 3'.")
{
    gateway, cluster, endpoint,
};
root.SetAction(async (parsed, cancellation) =>
{
    var (name, called) = (parsed.GetRequiredValue(cluster), parsed.GetRequiredValue(endpoint));
    var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.Logging.AddFilter(level => level >= LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.UseOrleansClient(client => client.UseLocalhostClustering(parsed.GetRequiredValue(gateway), serviceId: name, clusterId: name));
    builder.Services.AddOrleansPoolClient();

    using var host = builder.Build();
    await host.StartAsync(cancellation);
    using var invoker = new HttpMessageInvoker(host.Services.GetRequiredService<OrleansPoolClient>().CreateHandler(called));
    await LoadProcess.ServeAsync(invoker, new Uri($"http://{called}.pool"), Console.In, Console.Out);
    await host.StopAsync(CancellationToken.None);
});
return await root.Parse(args).InvokeAsync();
