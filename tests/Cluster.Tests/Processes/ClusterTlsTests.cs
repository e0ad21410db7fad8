using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>Silos that speak TLS among themselves and with their clients, and with nobody whose certificate is not of their CA.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly string _cluster = $"tls-{Guid.NewGuid():N}";
    private readonly TestCertificates _own = new();
    private readonly TestCertificates _others = new();

    public void Dispose()
    {
        _own.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Silos_WithCertificatesOfOneCa_ServeWhoHasOneToo_AndNobodyElse()
    {
        await using var upstream = await InteropUpstream.StartAsync();
        await using var first = await SiloProcess.StartAsync(_cluster, upstream.Grpc, primarySiloPort: null, Tls(_own.Peer("first"), _own.CaFile));
        await using var second = await SiloProcess.StartAsync(_cluster, upstream.Grpc, first.SiloPort, Tls(_own.Peer("second"), _own.CaFile));
        using (var client = await ConnectAsync(second.Gateway, tls => tls.UseOrleansPoolTls(_own.Client("client").CertificateFile, _own.Client("client").KeyFile, _own.CaFile)))
        {
            using var channel = OrleansPoolGrpcChannel.For(client.Services.GetRequiredService<IClusterClient>(), "interop");
            await new Interop.InteropClient(channel).EmptyAsync(new Nothing()).RepliesAsync();
            await client.StopAsync();
        }

        // Without a certificate; with one of another CA; and one that trusts nobody the silos are signed by.
        await RefusesAsync(first.Gateway, _ => { });
        await RefusesAsync(first.Gateway, tls => tls.UseOrleansPoolTls(_others.Client("stranger").CertificateFile, _others.Client("stranger").KeyFile, _own.CaFile));
        await RefusesAsync(first.Gateway, tls => tls.UseOrleansPoolTls(_own.Client("careful").CertificateFile, _own.Client("careful").KeyFile, _others.CaFile));
    }

    [Theory]
    [InlineData("TlsCaFile", "OrleansPool:Cluster:TlsCertificateFile = (nothing): TlsCertificateFile, TlsKeyFile and TlsCaFile are set together or not at all")]
    [InlineData("TlsCertificateFile TlsKeyFile TlsCaFile", "the PEM files cannot be used")]
    public async Task Start_WithoutAllFiles_NamesTheOption(string keys, string expected)
    {
        var words = await SiloProcess.RefusalAsync(keys.Split(' ').ToDictionary(key => key, _ => "/nowhere.pem"));
        Assert.Contains(expected, words, StringComparison.Ordinal);
    }

    private static (string Key, string Value)[] Tls((string CertificateFile, string KeyFile) peer, string caFile) =>
        [("Cluster:TlsCertificateFile", peer.CertificateFile), ("Cluster:TlsKeyFile", peer.KeyFile), ("Cluster:TlsCaFile", caFile)];

    private async Task RefusesAsync(IPEndPoint gateway, Action<IClientBuilder> secure)
    {
        using var client = Build(gateway, secure);
        using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
        var refusal = await Record.ExceptionAsync(() => client.StartAsync(patience.Token));
        Assert.NotNull(refusal);
    }

    private async Task<IHost> ConnectAsync(IPEndPoint gateway, Action<IClientBuilder> secure)
    {
        var client = Build(gateway, secure);
        await client.StartAsync().InTime("the client to connect");
        return client;
    }

    private IHost Build(IPEndPoint gateway, Action<IClientBuilder> secure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateway).Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (_cluster, _cluster));
            secure(client);
        });
        builder.Services.AddOrleansPoolClient();
        return builder.Build();
    }
}
