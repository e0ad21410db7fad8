using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/options.md says of every option what the product does: the defaults as the options classes have them, the ranges as a start checks them.</summary>
public class OptionsDocumentTests
{
    public static TheoryData<string> Keys => [.. Options.Known.Keys];

    public static TheoryData<string> KeysWithRange => [.. DocumentedOptions.Rows.Values.Where(row => row.Range is not null && Options.Known.ContainsKey(row.Path)).Select(row => row.Path)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Option_IsDocumentedWithItsDefault(string key)
    {
        var (type, value) = Options.Known[key];
        Assert.True(DocumentedOptions.Rows.TryGetValue(key, out var row), $"docs/options.md has no row for {key}");
        Assert.Equal(value, Notation.Read(row.Default, type));
        Assert.True(row.Unit.Length > 0 && row.Meaning.Length > 20, $"docs/options.md says too little of {key}");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Option_WithNumbersOrTimes_HasARange(string key)
    {
        var type = Options.Known[key].Type;
        Assert.Equal(type == typeof(TimeSpan) || (type.IsPrimitive && type != typeof(bool)), DocumentedOptions.Rows[key].Range is not null);
    }

    [Fact]
    public void Row_NamesAnOptionThatExists()
    {
        string[] elsewhere = [$"{ClusterOptionsSource.ClusterSection}:", $"{ClusterOptionsSource.ClientSection}:"];
        Assert.All(DocumentedOptions.Rows.Keys, key => Assert.True(Options.Known.ContainsKey(key) || elsewhere.Any(key.StartsWith), $"docs/options.md has {key}, which no options class has"));
    }

    [Theory]
    [MemberData(nameof(KeysWithRange))]
    public void Range_ItsEnds_AreAccepted(string key)
    {
        var (least, most) = Ends(key);
        Assert.Empty(StartOptions.Refusals(key, least));
        Assert.Empty(StartOptions.Refusals(key, most));
    }

    [Theory]
    [MemberData(nameof(KeysWithRange))]
    public void Range_BesideItsEnds_IsRefused(string key)
    {
        var (least, most) = Ends(key);
        Assert.Single(StartOptions.Refusals(key, Notation.Beside(least, -1)));
        Assert.Single(StartOptions.Refusals(key, Notation.Beside(most, +1)));
    }

    [Theory]
    [MemberData(nameof(KeysWithRange))]
    public void Zero_IsAcceptedWhereTheRangeSaysSo(string key)
    {
        var (least, type) = (Ends(key).Least, Options.Known[key].Type);
        var isAllowed = DocumentedOptions.Rows[key].Range!.Value.OrZero || least.Equals(Notation.Read("0", type));
        Assert.Equal(isAllowed, StartOptions.Refusals(key, Notation.Read("0", type)!).Count == 0);
    }

    [Theory]
    [InlineData("grpc", 1000)]
    [InlineData("http2", 1000)]
    [InlineData("http1", 10)]
    public void CallsPerChannelAndLimits_NotSet_FollowTheProtocol(string protocol, int most)
    {
        // The table says: 100 calls on a channel, 1 with http1; and the limit moves between 4 and all that Pool:Max channels carry, from 20.
        var services = new ServiceCollection().AddLogging().AddOrleansPool(StartOptions.Minimal(protocol)).BuildServiceProvider();
        var bounds = Assert.Single(services.GetServices<EndpointBudget>()).Settings.Bounds;
        Assert.Equal((4, most, Math.Min(20, most)), (bounds.Floor, bounds.Ceiling, bounds.Initial));
    }

    private static (object Least, object Most) Ends(string key)
    {
        var (least, most, _) = DocumentedOptions.Rows[key].Range!.Value;
        return (End(key, least), End(key, most));
    }

    // An end is a value, or another option of the endpoint, which then has its default.
    private static object End(string key, string text)
    {
        var other = $"OrleansPool:Endpoints:<name>:{text.Trim('`')}";
        return Options.Known.TryGetValue(other, out var option) ? option.Default ?? Bound(text) : Notation.Read(text, Options.Known[key].Type)!;
    }

    // What follows for the bounds of a limit where they are not set.
    private static int Bound(string text)
    {
        var services = new ServiceCollection().AddLogging().AddOrleansPool(StartOptions.Minimal("http2")).BuildServiceProvider();
        var bounds = services.GetRequiredService<EndpointBudget>().Settings.Bounds;
        return text == "`Limits:Min`" ? bounds.Floor : bounds.Ceiling;
    }
}
