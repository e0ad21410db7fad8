using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// Callers that get a connection of their own for as long as they stay, and wait for one where none is free: meanwhile what they send is held back. Each
/// side's end is carried to the other. Thread-safe.
/// </summary>
internal sealed class SessionPort(Endpoint endpoint, TimeProvider time, PortLog log) : ConnectionHandler
{
    private const int PieceSize = 16 * 1024;

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
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            log.CallerLeft(endpoint.Name, e.Message);
        }
        catch (Exception e)
        {
            log.CallFault(endpoint.Name, e);
            connection.Abort(new ConnectionAbortedException("The pool failed to carry the session; its log says why."));
        }
    }

    // Null when both sides have ended; else why the session did not, or was never begun.
    private async ValueTask<CallFailure?> ServeAsync(ConnectionContext connection, CancellationToken left)
    {
        var request = new CallRequest
        {
            Method = TcpMethods.Session,
            Target = TcpMethods.Target,
            Headers = new HeaderBlock(0),
            HasBody = true,
            BodyReader = connection.Transport.Input,
            ClientId = CallerAddress.Of(connection),
        };
        var result = await endpoint.CallAsync(request, left).ConfigureAwait(false);
        if (result.Response is not { } response) return result.Failure;
        await using (response.ConfigureAwait(false))
        {
            var output = new CallerOutput(connection);
            var failure = await CopyAsync(response, output).ConfigureAwait(false);
            if (failure is not null) return failure;
            await output.EndAsync().ConfigureAwait(false);
            await response.WhenRequestDoneAsync().ConfigureAwait(false);
            return null;
        }
    }

    private static async ValueTask<CallFailure?> CopyAsync(CallResponse response, CallerOutput output)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            while (true)
            {
                var read = await response.ReadAsync(piece).ConfigureAwait(false);
                if (read.Count == 0) return read.Failure;
                await output.WriteAsync(piece.AsMemory(0, read.Count)).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
