using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>From text to options: nothing is guessed, nothing is passed over, and all mistakes come at once.</summary>
public class ConfigurationTests
{
    [Theory]
    [InlineData("OrleansPool:Endpoint", "Endpoints, Budget, DrainTimeout")]
    [InlineData("OrleansPool:Endpoints:billing:Adresses", "Protocol, Addresses, Authority, Listen, ListenTls, KeepAlive, Tcp, JsonRpc, Tls, Pool, Queue, Limits, Budget, Retry, Hedging, Outliers, Check, Degradation")]
    [InlineData("OrleansPool:Endpoints:billing:Retry:Attempt", "Attempts, BudgetShare, BudgetPerSecond")]
    [InlineData("OrleansPool:Endpoints:billing:Queue:CallsPerChannel", "MaxWaiters, MaxWait, Fairness")]
    public void Key_Unknown_IsToldWithTheKnownOnes(string key, string known)
    {
        string[] settings = [$"{Configured.Billing}:Protocol=grpc", $"{Configured.Billing}:Addresses:0=a:1", $"{key}=1"];
        Assert.Equal([$"{key} = \"...\": no such key; known are {known}."], Configured.Mistakes(settings));
    }

    [Theory]
    [InlineData("Pool:Max", "ten", "a whole number is expected")]
    [InlineData("Pool:Max", "1.5", "a whole number is expected")]
    [InlineData("Pool:Max", "1,000", "a whole number is expected")]
    [InlineData("Pool:Max", "99999999999", "a whole number is expected")]
    [InlineData("Pool:Max", "", "a whole number is expected")]
    [InlineData("Limits:MaxRequestMessageBytes", "4MB", "a whole number is expected")]
    [InlineData("Pool:LifetimeJitter", "a bit", "a number is expected")]
    [InlineData("Pool:KeepAliveWithoutCalls", "yes", "true or false is expected")]
    [InlineData("Pool:ConnectTimeout", "5", "a time as hours:minutes:seconds, 00:00:30 for 30 s, is expected")]
    [InlineData("Pool:ConnectTimeout", "5s", "a time as hours:minutes:seconds, 00:00:30 for 30 s, is expected")]
    [InlineData("Protocol", "grpcs", "one of grpc, http2, http1, tcp, jsonrpc is expected")]
    [InlineData("Protocol", "1", "one of grpc, http2, http1, tcp, jsonrpc is expected")]
    [InlineData("Pool", "5", "a group of keys is expected")]
    public void Value_OfTheWrongKind_IsTold(string key, string value, string expected) =>
        Assert.Contains($"{Configured.Billing}:{key} = \"{value}\": {expected}.", Configured.MistakesOfBilling($"{key}={value}"));

    [Fact]
    public void Addresses_AsOneText_AreToldTheSpellingOfAList() => Assert.Contains(
        $"{Configured.Billing}:Addresses = \"a:1\": a list is expected: [\"a:1\"], or OrleansPool__Endpoints__billing__Addresses__0 in the environment.",
        Configured.Mistakes([$"{Configured.Billing}:Protocol=grpc", $"{Configured.Billing}:Addresses=a:1"]));

    [Fact]
    public void Group_WhereAValueBelongs_IsTold() =>
        Assert.Equal([$"{Configured.Billing}:Pool:Max = (nothing): a whole number is expected."], Configured.MistakesOfBilling("Pool:Max:Value=5"));

    [Fact]
    public void Mistakes_Everywhere_ComeInOneException()
    {
        string[] settings =
        [
            "OrleansPool:DrainTimeout=02:00:00", "OrleansPool:Typo=1",
            "OrleansPool:Endpoints:billing:Protocol=soap", "OrleansPool:Endpoints:billing:Pool:Max=0", "OrleansPool:Endpoints:billing:Queue:MaxWaiters=-1",
            "OrleansPool:Endpoints:Shipping:Protocol=http1", "OrleansPool:Endpoints:Shipping:Addresses:0=nowhere",
        ];
        string[] places =
        [
            "OrleansPool:DrainTimeout", "OrleansPool:Endpoints:Shipping", "OrleansPool:Endpoints:Shipping:Addresses:0", "OrleansPool:Endpoints:billing:Addresses", "OrleansPool:Endpoints:billing:Pool:Max",
            "OrleansPool:Endpoints:billing:Protocol", "OrleansPool:Endpoints:billing:Queue:MaxWaiters", "OrleansPool:Typo",
        ];
        Assert.Equal(places, Configured.Mistakes(settings).Select(m => m.Split(" = ")[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Environment_WithDoubleUnderscores_SpellsTheSameKeys()
    {
        var variables = new Dictionary<string, string>
        {
            ["OrleansPool__Endpoints__billing__Protocol"] = "grpc",
            ["OrleansPool__Endpoints__billing__Addresses__0"] = "one:80",
            ["OrleansPool__Endpoints__billing__Addresses__1"] = "two:80",
            ["ORLEANSPOOL__ENDPOINTS__billing__POOL__MAX"] = "7",
        };
        foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
        try
        {
            var read = Configured.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build()).Endpoints["billing"];
            Assert.Equal((Protocol.Grpc, 7), (read.Protocol, read.Pool.Max));
            Assert.Equal(["one:80", "two:80"], read.Addresses);
        }
        finally
        {
            foreach (var name in variables.Keys) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Keys_InAnyCase_AreTheSame()
    {
        var read = Configured.Read(["orleanspool:endpoints:billing:PROTOCOL=Http2", "orleanspool:endpoints:billing:addresses:0=a:1"]);
        Assert.Equal(Protocol.Http2, read.Endpoints["billing"].Protocol);
    }

    [Fact]
    public void Code_AddsToWhatWasRead_AndMendsIt()
    {
        var read = Configured.Read([$"{Configured.Billing}:Protocol=grpc"], options =>
        {
            options.Endpoints["billing"].Addresses = ["billing:80"];
            options.Endpoints["shipping"] = new EndpointOptions { Protocol = Protocol.Http1, Addresses = ["shipping:80"] };
        });
        Assert.Equal(["billing", "shipping"], read.Endpoints.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["billing:80"], read.Endpoints["billing"].Addresses);
    }

    [Fact]
    public void Code_IsCheckedLikeAnyOther() => Assert.Equal(
        [$"{Configured.Billing}:Pool:Max = 0: allowed are 1 to 10000."],
        Configured.Mistakes([$"{Configured.Billing}:Protocol=grpc", $"{Configured.Billing}:Addresses:0=a:1"], options => options.Endpoints["billing"].Pool.Max = 0));

    [Fact]
    public void Sections_OfOtherParts_AreLeftToThem() => Assert.Empty(Configured.Read(["OrleansPool:Gateway:Port=1", "OrleansPool:Cluster:Anything=x"]).Endpoints);

    [Fact]
    public void Section_Missing_IsAHostWithoutEndpoints() => Assert.Empty(Configured.Read([]).Endpoints);

    [Theory]
    [InlineData("grpc", 100, 1000)]
    [InlineData("http2", 100, 1000)]
    [InlineData("http1", 1, 10)]
    public void Defaults_GoWithTheProtocol(string protocol, int callsPerChannel, int permits)
    {
        var read = Configured.ReadBilling($"Protocol={protocol}");
        Assert.Equal((callsPerChannel, permits), (read.CallsPerChannel, read.Bounds.Ceiling));
    }
}
