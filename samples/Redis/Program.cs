using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;
using OrleansPool.Samples.Redis;

// redis-server on its usual port; then: dotnet run --project samples/Redis
//   redis-cli -p 7000 ...   sessions: any command, one upstream connection for each client while it stays
//   redis-cli -p 7001 ...   single commands: thousands of clients over 16 connections
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddOrleansPoolFraming("resp", new RespFraming());
builder.Services.AddOrleansPoolFraming("resp-stateless", new RespFraming(refusesState: true));
builder.AddOrleansPoolGateway();
return await builder.Build().UseOrleansPoolGateway().RunOrleansPoolAsync();
