using System.CommandLine;
using OrleansPool.Control;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>The operator's command line against a running host.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private readonly string _keyFile = Path.GetTempFileName();
    private GatewayHost _host = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_keyFile, AdminHost.Key + "\n");
        _host = await AdminHost.StartWithKeyAsync(_upstream.Address);
    }

    public async Task DisposeAsync()
    {
        File.Delete(_keyFile);
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("show pools", 0, "billing")]
    [InlineData("show pools billing --json", 0, "\"endpoint\": \"billing\"")]
    [InlineData("show budget billing", 0, "billing: the limit is")]
    [InlineData("show config billing", 0, "Pool:Max")]
    [InlineData("show pools nobody", 1, "there are billing")]
    [InlineData("set billing limit 40", 0, "billing: limit: in force on all hosts")]
    [InlineData("set billing cap 31", 1, "allowed are 1 to 30")]
    [InlineData("evict-idle billing", 0, "in force")]
    [InlineData("reload", 0, "version 2")]
    public async Task Verb_SaysWhatThePoolDoes_AndEndsWithItsCode(string line, int code, string text)
    {
        var (ended, said) = await RunAsync($"{line} --server {_host.Address} --key-file {_keyFile}");
        Assert.Equal(code, ended);
        Assert.Contains(text, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_PausesAndCheckFindsIt()
    {
        Assert.Equal(0, (await RunAsync($"pause billing --server {_host.Address} --key-file {_keyFile}")).Code);
        await Eventually.HoldsAsync(() => _host.Pool("billing").IsPaused, "the pool to pause");
        var (code, said) = await RunAsync($"check --server {_host.Address}");
        Assert.Equal(2, code);
        Assert.Contains("an operator paused it", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stranger_IsToldAboutTheKey() => Assert.Equal((4, true), Named(await RunAsync($"pause billing --server {_host.Address}"), "--key-file"));

    [Fact]
    public async Task Server_ThatIsNotThere_IsToldWithItsAddress() => Assert.Equal((3, true), Named(await RunAsync("show pools --server http://127.0.0.1:1"), "http://127.0.0.1:1/ cannot be reached"));

    private static (int Code, bool IsNamed) Named((int Code, string Said) ended, string text) => (ended.Code, ended.Said.Contains(text, StringComparison.Ordinal));

    private static async Task<(int Code, string Said)> RunAsync(string line)
    {
        var said = new StringWriter();
        var code = await CommandTree.Create().Parse(line).InvokeAsync(new InvocationConfiguration { Output = said, Error = said }).InTime("the verb");
        return (code, said.ToString());
    }
}
