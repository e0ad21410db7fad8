using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>A silo whose ports cannot be had does not start, and says which option to change.</summary>
public sealed class TakenPortTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_OnASilosPortThatIsTaken_NamesTheOption(bool isShared)
    {
        // Silos take their ports as shared, so without a look before the second one of two would start, and get some of the first one's messages.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (isShared) taken.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = $"{((IPEndPoint)taken.LocalEndPoint!).Port}";

        foreach (var option in (string[])["SiloPort", "GatewayPort"])
        {
            var words = await SiloProcess.RefusalAsync(new() { [option] = port });
            Assert.Contains($"OrleansPool:Cluster:{option} = {port}: the port is taken", words, StringComparison.Ordinal);
            Assert.DoesNotContain("Gateway:Listen", words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_WithOnePortForTwoThings_NamesTheSecondOption()
    {
        var words = await SiloProcess.RefusalAsync(new() { ["SiloPort"] = "11311", ["GatewayPort"] = "11311" });
        Assert.Contains("OrleansPool:Cluster:GatewayPort = 11311: the port is taken, by another program or another of these options", words, StringComparison.Ordinal);
    }
}
