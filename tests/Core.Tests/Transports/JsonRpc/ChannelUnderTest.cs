using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Transports.JsonRpc;

/// <summary>A channel in memory, and its upstream in the hands of the test.</summary>
internal sealed class ChannelUnderTest : IDisposable
{
    // No bound: a write completes at once, whether or not the other side reads.
    private readonly Pipe _toUpstream = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _toChannel = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly MessageReader _sent;
    private readonly WireFormat _format;

    public ChannelUnderTest(JsonRpcOptions? options = null, Stream? output = null)
    {
        options ??= new JsonRpcOptions();
        _format = new WireFormat(options.Framing, options.MaxMessageBytes);
        _sent = new MessageReader(_toUpstream.Reader, _format);
        var settings = new JsonRpcTransportSettings { Options = options, Tls = new TlsOptions(), Totals = Totals, Log = new JsonRpcLog(Log, "test", Time) };
        Channel = new JsonRpcChannel(settings, new DuplexStream(_toChannel.Reader.AsStream(), output ?? _toUpstream.Writer.AsStream()));
    }

    public JsonRpcChannel Channel { get; }

    public JsonRpcTotals Totals { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public LinesLogger Log { get; } = new();

    /// <summary>Makes a call with this request object.</summary>
    public Task<SendResult> CallAsync(string message, CancellationToken caller = default) => SendAsync(JsonRpcMethods.Call, message, caller);

    /// <summary>Makes a call whose body the test writes.</summary>
    public Task<SendResult> StreamAsync(PipeReader body) =>
        Channel.SendAsync(new CallRequest { Method = JsonRpcMethods.Call, Target = "/test", Headers = new HeaderBlock(0), HasBody = true, BodyReader = body }, default, default).AsTask();

    /// <summary>Sends this notification.</summary>
    public Task<SendResult> NotifyAsync(string message, CancellationToken caller = default) => SendAsync(JsonRpcMethods.Notify, message, caller);

    /// <summary>What the upstream gets next.</summary>
    public async Task<string> ReceivedAsync()
    {
        var read = await _sent.ReadAsync(default).InTime("a message at the upstream");
        Assert.Null(read.Error);
        return Encoding.UTF8.GetString(read.Message.Span);
    }

    /// <summary>The upstream sends a message.</summary>
    public void Send(string message) => SendRaw(Frame(message));

    /// <summary>The upstream sends bytes.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        _toChannel.Writer.Write(bytes);
        _ = _toChannel.Writer.FlushAsync().AsTask();
    }

    /// <summary>The upstream sends no more.</summary>
    public void EndOfReplies() => _toChannel.Writer.Complete();

    /// <summary>A message as it goes over the wire.</summary>
    public byte[] Frame(string message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        _format.Append(bytes, Encoding.UTF8.GetBytes(message), default, default);
        return bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Channel.Dispose();

    private Task<SendResult> SendAsync(string method, string message, CancellationToken caller)
    {
        var request = new CallRequest { Method = method, Target = "/test", Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.UTF8.GetBytes(message) };
        return Channel.SendAsync(request, default, caller).AsTask();
    }
}

/// <summary>What became of a call on a channel.</summary>
internal static class SendResultExpectations
{
    /// <summary>It was answered; the whole answer.</summary>
    public static async Task<string> Answered(this Task<SendResult> call)
    {
        var result = await call.InTime("an answer");
        Assert.Null(result.Failure?.ToString());
        var body = new List<byte>();
        var buffer = new byte[7];
        while (await result.Response!.ReadAsync(buffer, default) is { IsEnd: false } read) body.AddRange(buffer.AsSpan(0, read.Count));
        return Encoding.UTF8.GetString([.. body]);
    }
}
