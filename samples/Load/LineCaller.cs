using System.Net.Sockets;

namespace OrleansPool.Samples.Load;

/// <summary>Sends a line over TCP and reads one back, over one connection to each host.</summary>
internal sealed class LineCaller(string[] hosts) : ICaller
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly (StreamReader Reader, StreamWriter Writer)?[] _open = new (StreamReader, StreamWriter)?[hosts.Length];

    public async Task CallAsync(int host, CancellationToken cancellation)
    {
        var at = host % hosts.Length;
        try
        {
            var (reader, writer) = _open[at] ??= await OpenAsync(hosts[at], cancellation);
            await writer.WriteLineAsync("hi".AsMemory(), cancellation);
            if (await reader.ReadLineAsync(cancellation).AsTask().WaitAsync(_patience, TimeProvider.System, cancellation) is null) throw new IOException("the host closed the connection");
        }
        catch
        {
            _open[at]?.Writer.Close();
            _open[at] = null;
            throw;
        }
    }

    private static async Task<(StreamReader Reader, StreamWriter Writer)> OpenAsync(string host, CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Split(':')[0], int.Parse(host.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), cancellation);
        return (new StreamReader(client.GetStream()), new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\n" });
    }
}
