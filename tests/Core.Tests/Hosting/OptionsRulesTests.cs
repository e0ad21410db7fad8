using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>The range of every option, both ends: what is outside is told with its key, its value and what is allowed; what is inside is taken as written.</summary>
public class OptionsRulesTests
{
    // The first setting of a row is the mistake; others are what it takes to be the only one.
    [Theory]
    [InlineData("Pool:Max=0", "allowed are 1 to 10000")]
    [InlineData("Pool:Max=10001", "allowed are 1 to 10000")]
    [InlineData("Pool:Min=-1", "allowed are 0 to 10 (Pool:Max = 10)")]
    [InlineData("Pool:Min=11", "allowed are 0 to 10 (Pool:Max = 10)")]
    [InlineData("Pool:Min=4 Pool:Max=3", "allowed are 0 to 3 (Pool:Max = 3)")]
    [InlineData("Pool:CallsPerChannel=0", "allowed are 1 to 10000")]
    [InlineData("Pool:CallsPerChannel=10001", "allowed are 1 to 10000")]
    [InlineData("Pool:CallsPerChannel=2 Protocol=http1", "HTTP/1.1 carries one call on a channel; only 1 is allowed")]
    [InlineData("Pool:ConnectTimeout=00:00:00.0490000", "allowed are 00:00:00.0500000 to 00:02:00")]
    [InlineData("Pool:ConnectTimeout=00:02:00.0010000", "allowed are 00:00:00.0500000 to 00:02:00")]
    [InlineData("Pool:ConnectConcurrency=0", "allowed are 1 to 100")]
    [InlineData("Pool:ConnectConcurrency=101", "allowed are 1 to 100")]
    [InlineData("Pool:ConnectRate=0", "allowed are 1 to 10000")]
    [InlineData("Pool:ConnectRate=10001", "allowed are 1 to 10000")]
    [InlineData("Pool:LeakThreshold=00:00:00.9990000", "allowed are 00:00:01 to 7.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:ConnectAttempts=0", "allowed are 1 to 10")]
    [InlineData("Pool:ConnectAttempts=11", "allowed are 1 to 10")]
    [InlineData("Pool:ConnectRetryDelay=00:00:00", "allowed are 00:00:00.0010000 to 00:00:10")]
    [InlineData("Pool:ConnectRetryDelay=00:00:10.0010000", "allowed are 00:00:00.0010000 to 00:00:10")]
    [InlineData("Pool:BreakDuration=00:00:00.4990000", "allowed are 00:00:00.5000000 to 00:05:00")]
    [InlineData("Pool:BreakDuration=00:05:00.0010000 Pool:MaxBreakDuration=01:00:00", "allowed are 00:00:00.5000000 to 00:05:00")]
    [InlineData("Pool:MaxBreakDuration=00:00:01 Pool:BreakDuration=00:00:02", "allowed are 00:00:02 to 01:00:00 (Pool:BreakDuration = 00:00:02)")]
    [InlineData("Pool:MaxBreakDuration=01:00:00.0010000", "allowed are 00:00:00.5000000 to 01:00:00 (Pool:BreakDuration = 00:00:00.5000000)")]
    [InlineData("Pool:IdleTimeout=00:00:00.9990000", "allowed are 00:00:01 to 1.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:IdleTimeout=1.00:00:01", "allowed are 00:00:01 to 1.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:MaxLifetime=-00:00:01", "allowed are 00:00:01 to 7.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:MaxLifetime=7.00:00:01", "allowed are 00:00:01 to 7.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:LifetimeJitter=-0.1", "allowed are 0 to 0.9")]
    [InlineData("Pool:LifetimeJitter=0.91", "allowed are 0 to 0.9")]
    [InlineData("Pool:LifetimeJitter=NaN", "allowed are 0 to 0.9")]
    [InlineData("Pool:MaxUses=-1", "allowed are 0 to 2147483647")]
    [InlineData("Pool:KeepAlivePingDelay=00:00:09.9990000", "allowed are 00:00:10 to 1.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:KeepAlivePingDelay=1.00:00:01", "allowed are 00:00:10 to 1.00:00:00, or 00:00:00 for never")]
    [InlineData("Pool:KeepAlivePingDelay=00:04:59 Pool:KeepAliveWithoutCalls=true", "with KeepAliveWithoutCalls at least 00:05:00 is allowed: gRPC servers close connections that ping more often")]
    [InlineData("Pool:KeepAlivePingTimeout=00:00:00.9990000", "allowed are 00:00:01 to 00:05:00")]
    [InlineData("Pool:KeepAlivePingTimeout=00:05:01", "allowed are 00:00:01 to 00:05:00")]
    [InlineData("Pool:DnsRefresh=00:00:00.9990000", "allowed are 00:00:01 to 01:00:00")]
    [InlineData("Pool:DnsRefresh=01:00:01", "allowed are 00:00:01 to 01:00:00")]
    [InlineData("Queue:MaxWaiters=-1", "allowed are 0 to 1000000")]
    [InlineData("Queue:MaxWaiters=1000001", "allowed are 0 to 1000000")]
    [InlineData("Queue:MaxWait=00:00:00", "allowed are 00:00:00.0010000 to 01:00:00")]
    [InlineData("Queue:MaxWait=01:00:01", "allowed are 00:00:00.0010000 to 01:00:00")]
    [InlineData("Limits:Max=0", "allowed are 1 to 1000000")]
    [InlineData("Limits:Max=1000001", "allowed are 1 to 1000000")]
    [InlineData("Limits:Min=0", "allowed are 1 to 1000 (Limits:Max = 1000)")]
    [InlineData("Limits:Min=51 Limits:Max=50", "allowed are 1 to 50 (Limits:Max = 50)")]
    [InlineData("Limits:Initial=3", "allowed are 4 to 1000 (Limits:Min = 4, Limits:Max = 1000)")]
    [InlineData("Limits:Initial=51 Limits:Max=50", "allowed are 4 to 50 (Limits:Min = 4, Limits:Max = 50)")]
    [InlineData("Limits:SlowestHealthy=00:00:00", "allowed are 00:00:00.0010000 to 1.00:00:00")]
    [InlineData("Limits:SlowestHealthy=1.00:00:01", "allowed are 00:00:00.0010000 to 1.00:00:00")]
    [InlineData("Budget:TimeToLive=00:00:04", "allowed are 00:00:05 to 00:10:00")]
    [InlineData("Budget:TimeToLive=00:10:01", "allowed are 00:00:05 to 00:10:00")]
    [InlineData("Budget:FreezeTolerance=00:00:00.9990000", "allowed are 00:00:01 to 00:10:00")]
    [InlineData("Budget:RenewPeriod=00:00:00.0990000", "allowed are 00:00:00.1000000 to 00:00:05 (a fifth of TimeToLive, at most 5 s)")]
    [InlineData("Budget:RenewPeriod=00:00:03 Budget:TimeToLive=00:00:10", "allowed are 00:00:00.1000000 to 00:00:02 (a fifth of TimeToLive, at most 5 s)")]
    [InlineData("Queue:Fairness:MaxCallers=0", "allowed are 1 to 100000")]
    [InlineData("Limits:MaxRequestMessageBytes=0", "allowed are 1 to 4294967295 bytes")]
    [InlineData("Limits:MaxRequestMessageBytes=4294967296", "allowed are 1 to 4294967295 bytes")]
    [InlineData("Limits:MaxResponseMessageBytes=0", "allowed are 1 to 4294967295 bytes")]
    [InlineData("Limits:MaxResponseMessageBytes=4294967296", "allowed are 1 to 4294967295 bytes")]
    [InlineData("Limits:DefaultDeadline=00:00:00", "allowed are 00:00:00.0010000 to 1.00:00:00")]
    [InlineData("Limits:DefaultDeadline=1.00:00:01", "allowed are 00:00:00.0010000 to 1.00:00:00")]
    [InlineData("Retry:Attempts=0", "allowed are 1 to 10")]
    [InlineData("Retry:Attempts=11", "allowed are 1 to 10")]
    [InlineData("Check:Interval=00:00:00.9990000", "allowed are 00:00:01 to 01:00:00")]
    [InlineData("Check:Timeout=00:01:00.0010000", "allowed are 00:00:00.0500000 to 00:01:00")]
    [InlineData("Check:Unhealthy=0", "allowed are 1 to 10")]
    [InlineData("Check:Healthy=11", "allowed are 1 to 10")]
    [InlineData("Check:Jitter=0.91", "allowed are 0 to 0.9")]
    [InlineData("Check:Kind=Http", "http goes with the protocols http1 and http2, grpc with grpc, exchange with tcp and a Tcp:Framing, jsonrpc with jsonrpc and JsonRpc:Mode = shared, connect with all")]
    [InlineData("Check:Kind=Grpc Protocol=http2", "http goes with the protocols http1 and http2, grpc with grpc, exchange with tcp and a Tcp:Framing, jsonrpc with jsonrpc and JsonRpc:Mode = shared, connect with all")]
    [InlineData("Outliers:LatencyFactor=1.9", "allowed are 2 to 100, or 0 for never")]
    [InlineData("Outliers:MaxShare=1.1", "allowed are 0 to 1")]
    [InlineData("Outliers:MaxEjectionTime=00:00:29", "allowed are 00:00:30 to 01:00:00 (Outliers:EjectionTime = 00:00:30)")]
    [InlineData("Retry:BudgetShare=-0.1", "allowed are 0 to 1")]
    [InlineData("Retry:BudgetShare=1.1", "allowed are 0 to 1")]
    [InlineData("Retry:BudgetPerSecond=-1", "allowed are 0 to 1000")]
    [InlineData("Retry:BudgetPerSecond=1001", "allowed are 0 to 1000")]
    public void Number_OutsideItsRange_IsTold(string settings, string allowed)
    {
        var all = settings.Split(' ');
        var (key, value) = (all[0].Split('=')[0], all[0].Split('=')[1]);
        Assert.Equal([$"{Configured.Billing}:{key} = {value}: {allowed}."], Configured.MistakesOfBilling(all));
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("01:00:01")]
    public void DrainTimeout_OutsideItsRange_IsTold(string value) =>
        Assert.Equal([$"OrleansPool:DrainTimeout = {value}: allowed are 00:00:00 to 01:00:00."], Configured.Mistakes([$"OrleansPool:DrainTimeout={value}"]));

    [Theory]
    [InlineData("Billing")]
    [InlineData("-billing")]
    [InlineData("billing-")]
    [InlineData("bil_ling")]
    [InlineData("bil ling")]
    [InlineData("bil.ling")]
    [InlineData("b\u00edlling")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public void Name_NoHostNameCouldHave_IsTold(string name) => Assert.Equal(
        [$"OrleansPool:Endpoints:{name} = \"{name}\": a name has 1 to 63 of a-z, 0-9 and '-', and no '-' at either end."],
        Configured.Mistakes([$"OrleansPool:Endpoints:{name}:Protocol=grpc", $"OrleansPool:Endpoints:{name}:Addresses:0=a:1"]));

    [Fact]
    public void Endpoint_WithoutProtocolAndAddress_IsToldBoth()
    {
        string[] expected =
        [
            $"{Configured.Billing}:Protocol = (nothing): one of grpc, http2, http1, tcp, jsonrpc is required.",
            $"{Configured.Billing}:Addresses = \"0 entries\": 1 to 64 are required.",
        ];
        Assert.Equal(expected, Configured.Mistakes([$"{Configured.Billing}:Pool:Max=1"]));
    }

    [Fact]
    public void Addresses_TooMany_AreTold_AsManyAsAllowedAreNot()
    {
        string[] Entries(int count) => [.. Enumerable.Range(0, count).Select(n => $"Addresses:{n}=host-{n}:80")];
        Assert.Equal(64, Configured.ReadBilling(Entries(64)).Addresses.Length);
        Assert.Equal([$"{Configured.Billing}:Addresses = \"65 entries\": 1 to 64 are required."], Configured.MistakesOfBilling(Entries(65)));
    }

    [Fact]
    public void Address_Malformed_IsToldByItsPlace() => Assert.Equal(
        [$"{Configured.Billing}:Addresses:1 = \"billing\": host:port is expected, port 1 to 65535, IPv6 as [::1]:port."],
        Configured.MistakesOfBilling("Addresses:0=billing:80", "Addresses:1=billing"));

    [Theory]
    [InlineData("")]
    [InlineData("bil ling")]
    [InlineData("http://billing")]
    [InlineData("billing/path")]
    [InlineData("billing/")]
    [InlineData("billing?query")]
    [InlineData("billing#part")]
    [InlineData("user@billing")]
    [InlineData("billing:port")]
    public void Authority_ThatIsNone_IsTold(string authority) => Assert.Equal(
        [$"{Configured.Billing}:Authority = \"{authority}\": host or host:port is expected."], Configured.MistakesOfBilling($"Authority={authority}"));

    [Theory]
    [InlineData("billing")]
    [InlineData("billing.internal:8443")]
    [InlineData("[::1]:80")]
    public void Authority_HostWithOrWithoutPort_IsTakenAsWritten(string authority) => Assert.Equal(authority, Configured.ReadBilling($"Authority={authority}").Authority);

    [Theory]
    [InlineData("Limits:Law", "quick", "one of adaptive, fixed, aimd, gradient2, vegas is expected")]
    [InlineData("Check:Path", "health", "a path is expected that begins with a slash")]
    [InlineData("Check:Service", "billing.Billing", "it means nothing without Check:Kind = grpc")]
    [InlineData("Check:Send", "PING", "it means nothing without Check:Kind = exchange")]
    [InlineData("Check:Method", "ping", "it means nothing without Check:Kind = jsonrpc")]
    [InlineData("Queue:Fairness:Headers:0", "x tenant", "the name of a header is expected, as x-tenant-id")]
    [InlineData("Queue:Fairness:Weights:0", "gold", "caller=weight is expected, a weight from 1 to 1000")]
    [InlineData("Queue:Fairness:Weights:0", "gold=0", "caller=weight is expected, a weight from 1 to 1000")]
    [InlineData("Queue:Fairness:Weights:0", "=3", "caller=weight is expected, a weight from 1 to 1000")]
    public void Text_ThatIsNoneOfThose_IsTold(string key, string value, string allowed) => Assert.Contains(
        $"OrleansPool:Endpoints:billing:{key} = \"{value}\": {allowed}.",
        Configured.MistakesOfBilling("Queue:Fairness:Headers:1=x-tenant", $"{key}={value}"));

    [Fact]
    public void Weights_WithoutAHeaderThatNamesTheCaller_AreTold() =>
        Assert.Contains(Configured.MistakesOfBilling("Queue:Fairness:Weights:0=gold=2"), mistake => mistake.Contains("weights mean nothing without a header that names the caller, or OrleansPool:Endpoints:billing:Queue:Fairness:ByClientId", StringComparison.Ordinal));

    [Theory]
    [InlineData("Pool:IdleTimeout")]
    [InlineData("Pool:MaxLifetime")]
    [InlineData("Pool:KeepAlivePingDelay")]
    public void Time_ZeroForNever_IsAllowed(string key) => Configured.ReadBilling($"{key}=00:00:00", "Pool:KeepAliveWithoutCalls=true");

    [Fact]
    public void Numbers_AtTheirLeast_AreTakenAsWritten()
    {
        var read = Configured.ReadBilling(
            "Protocol=http2", "Pool:Max=1", "Pool:Min=0", "Pool:CallsPerChannel=1", "Pool:ConnectTimeout=00:00:00.05", "Pool:ConnectConcurrency=1", "Pool:ConnectAttempts=1",
            "Pool:ConnectRetryDelay=00:00:00.001", "Pool:BreakDuration=00:00:00.5", "Pool:MaxBreakDuration=00:00:00.5", "Pool:IdleTimeout=00:00:01", "Pool:MaxLifetime=00:00:01",
            "Pool:LifetimeJitter=0", "Pool:MaxUses=0", "Pool:KeepAlivePingDelay=00:00:10", "Pool:KeepAlivePingTimeout=00:00:01", "Pool:KeepAliveWithoutCalls=true", "Pool:DnsRefresh=00:00:01",
            "Queue:MaxWaiters=0", "Queue:MaxWait=00:00:00.001", "Limits:Max=1", "Limits:Min=1", "Limits:Initial=1", "Limits:MaxRequestMessageBytes=1", "Limits:MaxResponseMessageBytes=1",
            "Limits:DefaultDeadline=00:00:00.001", "Limits:SlowestHealthy=00:00:00.001", "Retry:Attempts=1");
        var (pool, second, millisecond) = (read.Pool, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 0, 1, 1, 1, 0), (pool.Max, pool.Min, pool.CallsPerChannel, pool.ConnectConcurrency, pool.ConnectAttempts, pool.MaxUses));
        Assert.Equal((50 * millisecond, millisecond, 500 * millisecond, 500 * millisecond), (pool.ConnectTimeout, pool.ConnectRetryDelay, pool.BreakDuration, pool.MaxBreakDuration));
        Assert.Equal((second, second, 10 * second, second, second), (pool.IdleTimeout, pool.MaxLifetime, pool.KeepAlivePingDelay, pool.KeepAlivePingTimeout, pool.DnsRefresh));
        Assert.Equal((0.0, true), (pool.LifetimeJitter, pool.KeepAliveWithoutCalls));
        Assert.Equal((0, millisecond, 1), (read.Queue.MaxWaiters, read.Queue.MaxWait, read.Retry.Attempts));
        Assert.Equal(millisecond, read.Bounds.SlowestHealthy);
        Assert.Equal((1, 1L, 1L, millisecond), (read.Limits.Max, read.Limits.MaxRequestMessageBytes, read.Limits.MaxResponseMessageBytes, read.Limits.DefaultDeadline));
    }

    [Fact]
    public void Numbers_AtTheirMost_AreTakenAsWritten()
    {
        var read = Configured.ReadBilling(
            "Pool:Max=10000", "Pool:Min=10000", "Pool:CallsPerChannel=10000", "Pool:ConnectTimeout=00:02:00", "Pool:ConnectConcurrency=100", "Pool:ConnectAttempts=10",
            "Pool:ConnectRetryDelay=00:00:10", "Pool:BreakDuration=00:05:00", "Pool:MaxBreakDuration=01:00:00", "Pool:IdleTimeout=1.00:00:00", "Pool:MaxLifetime=7.00:00:00",
            "Pool:LifetimeJitter=0.9", "Pool:MaxUses=2147483647", "Pool:KeepAlivePingDelay=1.00:00:00", "Pool:KeepAlivePingTimeout=00:05:00", "Pool:DnsRefresh=01:00:00",
            "Queue:MaxWaiters=1000000", "Queue:MaxWait=01:00:00", "Limits:Max=1000000", "Limits:Min=1000000", "Limits:Initial=1000000", "Limits:MaxRequestMessageBytes=4294967295", "Limits:MaxResponseMessageBytes=4294967295",
            "Limits:DefaultDeadline=1.00:00:00", "Limits:SlowestHealthy=1.00:00:00", "Retry:Attempts=10");
        var (pool, minute, hour, day) = (read.Pool, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        Assert.Equal((10_000, 10_000, 10_000, 100, 10, int.MaxValue), (pool.Max, pool.Min, pool.CallsPerChannel, pool.ConnectConcurrency, pool.ConnectAttempts, pool.MaxUses));
        Assert.Equal((2 * minute, minute / 6, 5 * minute, hour), (pool.ConnectTimeout, pool.ConnectRetryDelay, pool.BreakDuration, pool.MaxBreakDuration));
        Assert.Equal((day, 7 * day, day, 5 * minute, hour), (pool.IdleTimeout, pool.MaxLifetime, pool.KeepAlivePingDelay, pool.KeepAlivePingTimeout, pool.DnsRefresh));
        Assert.Equal((0.9, Protocol.Grpc), (pool.LifetimeJitter, read.Protocol));
        Assert.Equal((1_000_000, hour, 10), (read.Queue.MaxWaiters, read.Queue.MaxWait, read.Retry.Attempts));
        Assert.Equal(day, read.Bounds.SlowestHealthy);
        Assert.Equal((1_000_000, uint.MaxValue, uint.MaxValue, day), (read.Limits.Max, read.Limits.MaxRequestMessageBytes, read.Limits.MaxResponseMessageBytes, read.Limits.DefaultDeadline));
    }
}
