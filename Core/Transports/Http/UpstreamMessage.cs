using System.Text;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// A request message that is sent once. The handler repeats a refused stream by itself, on the same connection and unseen; whether to repeat, and where, is
/// the pool's business. It asks for each header's encoding whenever it encodes the head, so the same header twice means a second attempt, of which no byte
/// has been sent yet.
/// </summary>
internal sealed class UpstreamMessage(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    private string? _firstHeader;

    /// <summary>Latin-1, which maps every byte to one char and back.</summary>
    /// <exception cref="ChannelSpentException">The message is being encoded again.</exception>
    public Encoding EncodingOf(string header)
    {
        if (_firstHeader is null) _firstHeader = header;
        else if (ReferenceEquals(_firstHeader, header) || string.Equals(_firstHeader, header, StringComparison.OrdinalIgnoreCase)) throw new ChannelSpentException();
        return Encoding.Latin1;
    }
}
