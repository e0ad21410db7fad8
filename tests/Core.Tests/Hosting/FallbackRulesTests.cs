namespace OrleansPool.Core.Tests.Hosting;

/// <summary>What a chain of fallbacks may look like.</summary>
public class FallbackRulesTests
{
    private const string Key = "Degradation:Fallback";

    [Fact]
    public void Chain_ThatEnds_IsTakenAsWritten() =>
        Assert.Equal("b", Configured.Read(Chain("a>b", "b>c", "c")).Endpoints["a"].Degradation.Fallback);

    [Fact]
    public void Fallback_Missing_IsTold() => Assert.Equal(
        [$"{Configured.Billing}:{Key} = (nothing): with Mode = fallback the name of an endpoint is required."],
        Configured.MistakesOfBilling("Degradation:Mode=fallback"));

    [Theory]
    [InlineData("wait")]
    [InlineData("reject")]
    public void Fallback_InAnotherMode_IsTold(string mode) => Assert.Contains(
        Configured.MistakesOfBilling($"Degradation:Mode={mode}", $"{Key}=billing"),
        mistake => mistake.Contains("fallback is required for Degradation:Fallback to mean anything", StringComparison.Ordinal));

    [Fact]
    public void Fallback_Unknown_IsToldWithThoseThatThereAre() => Assert.Equal(
        ["OrleansPool:Endpoints:a:Degradation:Fallback = \"x\": there is no such endpoint; there are a, b."],
        Configured.Mistakes(Chain("a>x", "b")));

    [Fact]
    public void Fallback_OfAnotherProtocol_IsTold() => Assert.Equal(
        ["OrleansPool:Endpoints:a:Degradation:Fallback = \"b\": it speaks http1 and a grpc; a fallback speaks the same."],
        Configured.Mistakes(Chain("a>b", "b").Select(setting => setting.Replace("b:Protocol=grpc", "b:Protocol=http1", StringComparison.Ordinal))));

    [Fact]
    public void Chain_ThatComesBack_IsToldForEachOfTheCircle_AndNotForWhoLeadsIntoIt() => Assert.Equal(
        [
            "OrleansPool:Endpoints:a:Degradation:Fallback = \"b\": the chain comes back to where it began, a > b > a; it must end at an endpoint without a fallback.",
            "OrleansPool:Endpoints:b:Degradation:Fallback = \"a\": the chain comes back to where it began, b > a > b; it must end at an endpoint without a fallback.",
        ],
        Configured.Mistakes(Chain("a>b", "b>a", "c>a")).Order(StringComparer.Ordinal));

    [Fact]
    public void Fallback_ToItself_IsTold() =>
        Assert.Contains("a > a", Assert.Single(Configured.Mistakes(Chain("a>a"))), StringComparison.Ordinal);

    private static IEnumerable<string> Chain(params string[] links) => links.Select(link => link.Split('>')).SelectMany(link => new[]
    {
        $"OrleansPool:Endpoints:{link[0]}:Protocol=grpc",
        $"OrleansPool:Endpoints:{link[0]}:Addresses:0=10.0.0.1:50051",
    }.Concat(link.Length > 1 ? [$"OrleansPool:Endpoints:{link[0]}:Degradation:Mode=fallback", $"OrleansPool:Endpoints:{link[0]}:{Key}={link[1]}"] : []));
}
