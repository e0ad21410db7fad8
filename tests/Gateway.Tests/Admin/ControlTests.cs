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

    [Fact]
    public async Task KeyFile_ThatIsNotThere_IsNamed() => Assert.Equal((1, true), Named(await RunAsync($"pause billing --server {_host.Address} --key-file /no/such/file"), "--key-file = /no/such/file"));

    [Fact]
    public async Task Watch_ShowsThePageAnew_UntilItIsStopped()
    {
        var said = new Said();
        using var stop = new CancellationTokenSource();
        var watching = CommandTree.Create().Parse($"show pools billing --watch --server {_host.Address}").InvokeAsync(new InvocationConfiguration { Output = said, Error = said }, stop.Token);
        await Eventually.HoldsAsync(() => watching.IsCompleted || said.Screens >= 2, "the page to be shown twice");
        await stop.CancelAsync();
        Assert.Equal(0, await watching.InTime("the end"));
        Assert.InRange(said.Screens, 2, int.MaxValue);
    }

    private static (int Code, bool IsNamed) Named((int Code, string Said) ended, string text) => (ended.Code, ended.Said.Contains(text, StringComparison.Ordinal));

    private static async Task<(int Code, string Said)> RunAsync(string line)
    {
        var said = new StringWriter();
        var code = await CommandTree.Create().Parse(line).InvokeAsync(new InvocationConfiguration { Output = said, Error = said }).InTime("the verb");
        return (code, said.ToString());
    }

    /// <summary>Counts what is written at once.</summary>
    private sealed class Said : TextWriter
    {
        private int _screens;

        public int Screens => Volatile.Read(ref _screens);

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override Task WriteAsync(string? value)
        {
            if (value?.Contains("billing", StringComparison.Ordinal) is true) Interlocked.Increment(ref _screens);
            return Task.CompletedTask;
        }

        public override void Write(char value)
        {
        }
    }
}
