using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// Callers that send a frame and await its reply. Each frame is a call of its own, over whichever channel is free; one caller's replies come in the order of
/// its frames. Thread-safe.
/// </summary>
internal sealed class FramedPort(Endpoint endpoint, TimeProvider time, PortLog log) : ConnectionHandler
{
    private const int FlushAt = 64 * 1024;

    private readonly IFraming _framing = endpoint.Framing ?? throw new InvalidOperationException($"Endpoint {endpoint.Name} has no framing; its options were not checked.");

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var caller = new CallerWatch(connection, time);
        try
        {
            var failure = await ServeAsync(connection, caller.Left).ConfigureAwait(false);
            if (failure is null) return;
            log.CallerCut(endpoint.Name, failure.ToString());
            connection.Abort(new ConnectionAbortedException(failure.Detail));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            log.CallerLeft(endpoint.Name, e.Message);
        }
        catch (Exception e)
        {
            log.CallFault(endpoint.Name, e);
            connection.Abort(new ConnectionAbortedException("The pool failed to carry the call; its log says why."));
        }
    }

    // Null when the caller has had all its replies; else why it gets none.
    private async ValueTask<CallFailure?> ServeAsync(ConnectionContext connection, CancellationToken left)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var caller = CallerAddress.Of(connection);
        var cutter = new FrameCutter(_framing.Requests());
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        while (!closing.IsCancellationRequested)
        {
            var read = await input.ReadAsync(closing).ConfigureAwait(false);
            var rest = read.Buffer;
            while (cutter.TryCut(ref rest, out var frame))
            {
                var failure = await AnswerAsync(frame, caller, output, left).ConfigureAwait(false);
                if (failure is not null) return failure;
            }

            if (cutter.Error is { } error) return await RefuseAsync(error, output).ConfigureAwait(false);
            input.AdvanceTo(rest.Start, rest.End);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            if (read.IsCompleted) return null;
        }

        return null;
    }

    private async ValueTask<CallFailure?> AnswerAsync(ReadOnlySequence<byte> frame, string? caller, PipeWriter output, CancellationToken left)
    {
        var request = new CallRequest
        {
            Method = TcpMethods.Exchange,
            Target = TcpMethods.Target,
            Headers = new HeaderBlock(0),
            HasBody = true,
            Body = frame.IsSingleSegment ? frame.First : frame.ToArray(),
            ClientId = caller,
        };
        var result = await endpoint.CallAsync(request, left).ConfigureAwait(false);
        if (result.Response is not { } response) return Describe(result.Failure!, output);
        await using (response.ConfigureAwait(false))
        {
            return await CopyAsync(response, output).ConfigureAwait(false);
        }
    }

    private static async ValueTask<CallFailure?> CopyAsync(CallResponse response, PipeWriter output)
    {
        while (true)
        {
            var read = await response.ReadAsync(output.GetMemory()).ConfigureAwait(false);
            if (read.Count == 0) return read.Failure;
            output.Advance(read.Count);
            if (output.UnflushedBytes >= FlushAt) await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    // What cannot be cut any more is told as well, if there is a word for it, and then ends.
    private async ValueTask<CallFailure?> RefuseAsync(string error, PipeWriter output)
    {
        var failure = new CallFailure(FailureCode.RequestInvalid, $"{error}.");
        if (Describe(failure, output) is { } untold) return untold;
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    private CallFailure? Describe(CallFailure failure, PipeWriter output)
    {
        var described = _framing.Describe(failure);
        if (described.IsEmpty) return failure;
        output.Write(described.Span);
        return null;
    }
}
