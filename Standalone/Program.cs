using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
try
{
    builder.AddOrleansPoolGateway();
}
catch (InvalidConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

return await builder.Build().UseOrleansPoolGateway().RunOrleansPoolAsync();
