// Calls the endpoint "echo" of the cluster that `./pool up` started over connections of its own, under the cluster's cap and limit.
using Echo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Client.Hosting;
using OrleansPool.Core.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

// What a service has in its appsettings.json: the endpoints to hold, as the silos have them.
builder.Configuration.AddInMemoryCollection([new("OrleansPool:Endpoints:echo:Protocol", "grpc"), new("OrleansPool:Endpoints:echo:Addresses:0", "127.0.0.1:50051")]);
builder.UseOrleansClient(client => client.UseLocalhostClustering(serviceId: "orleanspool", clusterId: "orleanspool"));
builder.Services.AddOrleansPoolClient(builder.Configuration, pool => pool.Mode = PoolMode.Local);
builder.Services.AddGrpcClient<Echo.Echo.EchoClient>().UseOrleansPool("echo");

using var host = builder.Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<Echo.Echo.EchoClient>();
for (var call = 1; call <= 1000; call++)
{
    var reply = await client.UnaryAsync(new Message { Text = $"hello {call}" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
    if (call % 250 == 0) Console.WriteLine(reply.Text);
}

foreach (var endpoint in host.Services.GetRequiredService<EndpointDirectory>().All)
    Console.WriteLine($"{endpoint.Name}: {endpoint.Snapshot().Totals.Acquired} of 1000 calls went over {endpoint.Snapshot().Connections} connections of this process, the others through the cluster");
await host.StopAsync();
