namespace OrleansPool.Core.Tests.Hosting;

/// <summary>What may stand under Hedging.</summary>
public class HedgingRulesTests
{
    private const string Methods = $"{Configured.Billing}:Hedging:Methods:0";

    [Fact]
    public void Options_Sound_AreTakenAsWritten()
    {
        var hedging = Configured.ReadBilling("Hedging:Methods:0=/billing.Billing/Get*", "Hedging:Delay=00:00:00.020", "Hedging:MaxAttempts=3", "Hedging:ByCaller=true").Hedging;
        Assert.Equal(("/billing.Billing/Get*", TimeSpan.FromMilliseconds(20), 3, true), (Assert.Single(hedging.Methods), hedging.Delay, hedging.MaxAttempts, hedging.ByCaller));
    }

    [Theory]
    [InlineData("grpc", "billing.Billing/Get", "/package.Service/Method is expected, /reports/* for all that begin so, or with HTTP POST /search")]
    [InlineData("grpc", "POST /billing.Billing/Get", "only http1 and http2 have methods beside the path; leave it out")]
    [InlineData("jsonrpc", "CALL /sum", "only http1 and http2 have methods beside the path; leave it out")]
    [InlineData("tcp", "/x", "with tcp only / has a meaning, all exchanges")]
    public void Method_ThatNamesNoCallsOfTheProtocol_IsTold(string protocol, string method, string expected) =>
        Assert.Equal([$"{Methods} = \"{method}\": {expected}."], Configured.MistakesOfBilling($"Protocol={protocol}", $"Hedging:Methods:0={method}"));

    [Theory]
    [InlineData("http1", "POST /search")]
    [InlineData("http2", "/reports/*")]
    [InlineData("jsonrpc", "/sum")]
    [InlineData("tcp", "/")]
    public void Method_OfTheProtocol_IsTaken(string protocol, string method) =>
        Assert.Equal(method, Assert.Single(Configured.ReadBilling($"Protocol={protocol}", $"Hedging:Methods:0={method}").Hedging.Methods));

    [Theory]
    [InlineData("tcp")]
    [InlineData("jsonrpc")]
    public void ByCaller_WithoutHeaders_IsTold(string protocol) => Assert.Equal(
        [$"{Configured.Billing}:Hedging:ByCaller = True: callers mark calls by a header, which only the protocols grpc, http2 and http1 have; name the calls under Methods."],
        Configured.MistakesOfBilling($"Protocol={protocol}", "Hedging:ByCaller=true"));
}
