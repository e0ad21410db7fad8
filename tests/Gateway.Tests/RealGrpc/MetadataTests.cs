namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Headers and trailers pass as they are, both ways.</summary>
[Collection(InteropPeers.Collection)]
public sealed class MetadataTests(InteropPeers peers)
{
    [SkippableTheory]
    [InlineData("custom_metadata_unary")]
    [InlineData("custom_metadata_duplex")]
    public async Task Metadata_AsciiInitialAndBinaryTrailing_ComeBack(string call)
    {
        var seen = await peers.CallAsync(call);

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([314159], seen.Replies);
        Assert.Equal(["test_initial_metadata_value"], seen.Initial.Under("x-grpc-test-echo-initial"));
        Assert.Equal(["ababab"], seen.Trailing.Under("x-grpc-test-echo-trailing-bin"));
    }

    [SkippableTheory]
    [InlineData("mirror-one-bin", "00")]
    [InlineData("mirror-two-bin", "fffe")]
    [InlineData("mirror-none-bin", "")]
    [InlineData("mirror-none", "")]
    [InlineData("mirror-separators", """a,b; c="d" e=%41 \ {f}""")]
    public async Task Metadata_ValueWithAnEdge_PassesBothWays(string key, string value)
    {
        var seen = await peers.MetadataValuesAsync();

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        AssertPassed(seen, key, value);
    }

    [SkippableFact]
    public async Task Metadata_EveryByteThereIs_PassesBothWays()
    {
        var seen = await peers.MetadataValuesAsync();

        AssertPassed(seen, "mirror-all-bin", Convert.ToHexStringLower([.. Enumerable.Range(0, 256).Select(b => (byte)b)]));
    }

    [SkippableFact]
    public async Task Metadata_OfTheClientItself_PassesUnchanged()
    {
        var seen = await peers.MetadataValuesAsync();

        Assert.Equal(["Bearer a.b-c_d=="], seen.Server!.Metadata.Under("authorization"));
        Assert.StartsWith("grpc-python/", Assert.Single(seen.Server.Metadata.Under("user-agent")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Metadata_OfTheServer_HasNothingAddedButTheDate()
    {
        var seen = await peers.CallAsync("empty_unary");

        // A proxy adds the date where the upstream sent none (RFC 9110, section 6.6.1).
        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.DoesNotContain(seen.Initial, entry => entry[0] != "date");
        Assert.Empty(seen.Trailing);
    }

    [SkippableFact]
    public async Task Metadata_ServerRepeatsKeys_ValuesKeepApartAndInOrder()
    {
        var seen = await peers.CallAsync("duplicate_keys_of_server");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.All([seen.Initial, seen.Trailing], metadata =>
        {
            Assert.Equal(["first", "second"], metadata.Under("twice"));
            Assert.Equal(["0102", "03"], metadata.Under("twice-bin"));
        });
    }

    [SkippableFact]
    public async Task Metadata_ClientRepeatsKey_ValuesArriveInOrder()
    {
        var seen = await peers.CallAsync("duplicate_keys");

        // gRPC takes "a" and "b" for the same as "a, b" (PROTOCOL-HTTP2.md, custom metadata), so the pool may join them.
        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        var values = string.Join(',', seen.Server!.Metadata.Under("mirror-twice")).Split(',', StringSplitOptions.TrimEntries);
        Assert.Equal(["first", "second"], values);
    }

    [SkippableFact]
    public async Task Metadata_ClientRepeatsBinaryKey_ValuesKeepApartAndInOrder()
    {
        // Here servers of the C core do not take joined values, whatever the specification says.
        var seen = await peers.CallAsync("duplicate_binary_keys");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        AssertPassed(seen, "mirror-twice-bin", "0102", "03");
    }

    [SkippableFact]
    public async Task Metadata_EightKilobytes_PassBothWays()
    {
        var seen = await peers.CallAsync("large_metadata");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        AssertPassed(seen, "mirror-large", new string('m', 8192));
    }

    [SkippableFact]
    public async Task Metadata_MoreThanTheUpstreamTakes_IsRefusedAndTheConnectionStays()
    {
        var host = await peers.HostAsync();
        var before = await peers.RunAsync<WireSeen>("bare", "plain_unary");
        var seen = await peers.RunAsync<CallSeen>("bare", "too_large_metadata");

        Assert.Equal("OK", before.Status);
        Assert.Equal("RESOURCE_EXHAUSTED", seen.Status);
        Assert.Equal(0, host.Pool("bare").Totals.Closed.Values.Sum());
    }

    private static void AssertPassed(CallSeen seen, string key, params string[] values)
    {
        Assert.Equal(values, seen.Server!.Metadata.Under(key));
        Assert.Equal(values, seen.Initial.Under(key));
        Assert.Equal(values, seen.Trailing.Under(key));
    }
}
