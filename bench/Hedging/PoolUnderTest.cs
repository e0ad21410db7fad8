using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPool.Bench.Load;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;

namespace OrleansPool.Bench.Hedging;

/// <summary>The engine of a host with one TCP endpoint of several addresses, and exchanges with it. Thread-safe.</summary>
internal sealed class PoolUnderTest : ICaller, IAsyncDisposable
{
    private const int ConnectionsEach = 20;

    private static readonly byte[] _frame = Encoding.ASCII.GetBytes("hello\n");

    private readonly IHost _host;

    private PoolUnderTest(IHost host) => _host = host;

    /// <summary>Calls that were sent a second time.</summary>
    public long Hedged => Endpoint.Calls.Hedged;

    private Endpoint Endpoint => _host.Services.GetRequiredService<EndpointDirectory>().All[0];

    /// <summary>Starts it, and opens its connections.</summary>
    public static async Task<PoolUnderTest> StartAsync(IReadOnlyList<string> addresses, bool isHedged)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(Settings(addresses, isHedged).Select(each => KeyValuePair.Create($"OrleansPool:Endpoints:lines:{each.Key}", (string?)each.Value)));
        builder.Services.AddOrleansPool(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new PoolUnderTest(host);
    }

    public async Task CallAsync()
    {
        var request = new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = _frame };
        var result = await Endpoint.CallAsync(request, CancellationToken.None);
        if (result.Response is not { } response) throw new CallFailedException(result.Failure!.ToString());
        await using (response)
        {
            var reply = new byte[_frame.Length];
            for (var length = 0; length < reply.Length;)
            {
                var read = await response.ReadAsync(reply.AsMemory(length));
                if (read.Count == 0) throw new CallFailedException($"The reply broke off: {read.Failure}");
                length += read.Count;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static IEnumerable<(string Key, string Value)> Settings(IReadOnlyList<string> addresses, bool isHedged) =>
    [
        ("Protocol", "tcp"), ("Tcp:Framing", "delimiter"), ("Tcp:Delimiter", "\\n"),
        ("Pool:Min", $"{ConnectionsEach * addresses.Count}"), ("Pool:Max", $"{ConnectionsEach * addresses.Count}"),
        .. addresses.Select((address, at) => ($"Addresses:{at}", address)),
        .. isHedged ? new[] { ("Hedging:Methods:0", "/") } : [],
    ];
}
