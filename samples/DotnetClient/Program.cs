// Calls the endpoint "echo" through the cluster that `./pool up` started. Everything but the two marked lines is what such a service has anyway.
using Echo;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Client.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.UseOrleansClient(client => client.UseLocalhostClustering(serviceId: "orleanspool", clusterId: "orleanspool"));
builder.Services.AddOrleansPoolClient(); // here
builder.Services.AddGrpcClient<Echo.Echo.EchoClient>().UseOrleansPool("echo"); // and here

using var host = builder.Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<Echo.Echo.EchoClient>();
var reply = await client.UnaryAsync(new Message { Text = "hello, pool" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
Console.WriteLine(reply.Text);

using var chat = client.Chat();
for (var turn = 1; turn <= 3; turn++)
{
    await chat.RequestStream.WriteAsync(new Message { Text = $"turn {turn}" });
    await chat.ResponseStream.MoveNext();
    Console.WriteLine(chat.ResponseStream.Current.Text);
}

await chat.RequestStream.CompleteAsync();
while (await chat.ResponseStream.MoveNext()) Console.WriteLine(chat.ResponseStream.Current.Text);
await host.StopAsync();
