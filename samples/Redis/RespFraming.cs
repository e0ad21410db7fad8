using System.Text;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Samples.Redis;

/// <summary>
/// Redis' protocol, versions 2 and 3 (https://redis.io/docs/latest/develop/reference/protocol-spec/): a command is an array or a line, a reply any value.
/// </summary>
/// <param name="refusesState">
/// True to refuse commands that leave something on the connection (a database, a transaction, a subscription), which the next caller on it would find. For
/// single commands; sessions may do as they like, since RESET undoes it.
/// </param>
public sealed class RespFraming(bool refusesState = false) : IFraming
{
    /// <inheritdoc />
    public FrameScanner Requests() => new RespScanner(isRequest: true, refusesState);

    /// <inheritdoc />
    public FrameScanner Replies() => new RespScanner(isRequest: false, refusesState: false);

    /// <inheritdoc />
    public ReadOnlyMemory<byte> Describe(CallFailure failure) =>
        Encoding.ASCII.GetBytes($"-ERR pool {failure.Code}: {failure.Detail.ReplaceLineEndings(" ")}\r\n");
}
